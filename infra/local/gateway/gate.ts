import type { Scope } from '../../../shared/http/access.ts';
import { type Admit, refuseCaller, refuseToken, requireScope } from '../../../shared/http/admit.ts';
import { headerOf } from '../../../shared/http/incoming.ts';
import type { VerifyToken } from './joseTokens.ts';

interface Deps {
  readonly verify: VerifyToken;
  /** Told to whom has no token: where they are to be had. */
  readonly issuer: string;
}

const bearer = /^Bearer +(\S+)$/i;

/** Admits callers whose token holds and has one of the scopes. @throws Fault issuer/unavailable from `verify` */
export const createGate =
  ({ verify, issuer }: Deps, needs: readonly Scope[]): Admit =>
  async (event) => {
    const authorization = headerOf(event, 'authorization') ?? '';
    if (authorization === '') {
      throw refuseCaller('http/no-token', 'the header Authorization: Bearer <token> is missing', [], issuer);
    }
    const [, token] = bearer.exec(authorization) ?? [];
    const verification = token ? await verify(token) : ({ outcome: 'invalid', reason: 'is no JWT' } as const);
    if (verification.outcome === 'invalid') throw refuseToken(verification.reason, issuer);
    return requireScope(verification.caller, needs, issuer);
  };
