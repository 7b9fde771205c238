import { type Access, access, type RouteName, type Scope } from './access.ts';
import { type Caller, parseCaller } from './caller.ts';
import { type HttpEvent, headerOf } from './incoming.ts';
import { BadRequest, type RequestCode } from './problem.ts';

/**
 * Says who a request is from, before anything of it is read.
 *
 * @throws BadRequest 401 without a token that holds, 403 when it lacks the scope
 */
export type Admit = (event: HttpEvent) => Caller | Promise<Caller>;

const nobody: Caller = { customerId: '', scopes: new Set() };

/** A refusal with its challenge, as RFC 6750 has it. @param realm where tokens are to be had */
export function refuseCaller(
  code: RequestCode,
  detail: string,
  challenge: readonly string[],
  realm?: string,
): BadRequest {
  const parameters = [...(realm === undefined ? [] : [`realm="${realm}"`]), ...challenge];
  return new BadRequest(code, detail, [], { 'www-authenticate': `Bearer ${parameters.join(', ')}`.trim() });
}

/** @param reason completes "the token ...", and is fit for who sent it */
export function refuseToken(reason: string, realm?: string): BadRequest {
  const detail = `the token ${reason}`;
  return refuseCaller('http/invalid-token', detail, ['error="invalid_token"', `error_description="${detail}"`], realm);
}

/** @throws BadRequest 403 when the caller has none of the scopes */
export function requireScope(caller: Caller, needs: readonly Scope[], realm?: string): Caller {
  if (needs.some((scope) => caller.scopes.has(scope))) return caller;
  const detail = `the token lacks the scope ${needs.join(' or ')}`;
  const challenge = ['error="insufficient_scope"', `scope="${needs.join(' ')}"`];
  throw refuseCaller('http/missing-scope', detail, challenge, realm);
}

/**
 * Admits by what the gateway's JWT authorizer has verified, which stands in the event where no caller can write. Without
 * that nobody is admitted, whatever token they send: a route that was deployed without its authorizer stays shut.
 */
export const createAdmit =
  (needs: Access): Admit =>
  (event) => {
    if (needs === 'open') return nobody;
    const { authorizer } = event.requestContext;
    if (!authorizer?.jwt) {
      if (headerOf(event, 'authorization')) throw refuseToken('was not verified by the gateway');
      throw refuseCaller('http/no-token', 'the header Authorization: Bearer <token> is missing', []);
    }
    const caller = parseCaller(authorizer.jwt.claims);
    if (!caller) throw refuseToken('has claims of a wrong form');
    return requireScope(caller, needs);
  };

/** Who may come in to a route. */
export const admit = (name: RouteName): Admit => createAdmit(access[name]);
