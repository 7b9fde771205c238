import type { Scope } from './access.ts';
import type { Caller } from './caller.ts';
import { type HttpEvent, headerOf } from './incoming.ts';
import { BadRequest, type RequestCode } from './problem.ts';

/**
 * Says who a request is from, before anything of it is read.
 *
 * @throws BadRequest 401 without a token that holds, 403 when it lacks the scope
 * @throws Fault issuer/unavailable when there is nobody to ask whether it holds
 */
export type Admit = (event: HttpEvent) => Promise<Caller>;

export type Verification =
  | { readonly outcome: 'valid'; readonly caller: Caller }
  /** `reason` completes "the token ...", and is fit for who sent it. */
  | { readonly outcome: 'invalid'; readonly reason: string };

/** Looks at a token as API Gateway's JWT authorizer does. @throws Fault issuer/unavailable */
export type VerifyToken = (token: string) => Promise<Verification>;

const nobody: Caller = { customerId: '', scopes: new Set() };

/** For what everybody may see. */
export const admitAll: Admit = async () => nobody;

interface Deps {
  readonly verify: VerifyToken;
  /** Told to whom has no token: where they are to be had. */
  readonly issuer: string;
}

const bearer = /^Bearer +(\S+)$/i;

/** Admits callers whose token holds and has one of the scopes; the refusals and their challenges are RFC 6750's. */
export function createAdmit({ verify, issuer }: Deps, needs: readonly Scope[]): Admit {
  const refuse = (code: RequestCode, detail: string, ...challenge: readonly string[]): BadRequest =>
    new BadRequest(code, detail, [], {
      'www-authenticate': `Bearer ${[`realm="${issuer}"`, ...challenge].join(', ')}`,
    });
  return async (event) => {
    const authorization = headerOf(event, 'authorization') ?? '';
    if (authorization === '') throw refuse('http/no-token', 'the header Authorization: Bearer <token> is missing');
    const [, token] = bearer.exec(authorization) ?? [];
    const verification: Verification = token ? await verify(token) : { outcome: 'invalid', reason: 'is none' };
    if (verification.outcome === 'invalid') {
      const detail = `the token ${verification.reason}`;
      throw refuse('http/invalid-token', detail, 'error="invalid_token"', `error_description="${detail}"`);
    }
    const { caller } = verification;
    if (needs.some((scope) => caller.scopes.has(scope))) return caller;
    const detail = `the token lacks the scope ${needs.join(' or ')}`;
    throw refuse('http/missing-scope', detail, 'error="insufficient_scope"', `scope="${needs.join(' ')}"`);
  };
}
