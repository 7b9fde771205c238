import { createRemoteJWKSet, errors, type JWTVerifyGetKey, jwtVerify } from 'jose';
import * as z from 'zod/mini';
import { type Caller, parseCaller } from '../../../shared/http/caller.ts';
import { english } from '../../../shared/kernel/english.ts';
import { Fault } from '../../../shared/kernel/fault.ts';
import { lazy } from '../../../shared/kernel/lazy.ts';

export type Verification =
  | { readonly outcome: 'valid'; readonly caller: Caller }
  /** `reason` completes "the token ...", and is fit for who sent it. */
  | { readonly outcome: 'invalid'; readonly reason: string };

/** Looks at a token as API Gateway's JWT authorizer does. @throws Fault issuer/unavailable */
export type VerifyToken = (token: string) => Promise<Verification>;

interface Options {
  /** As the tokens' `iss` has it, to the letter. */
  readonly issuer: string;
  /** One of the tokens' `aud`, or their `client_id` where they have no `aud`. */
  readonly audience: string;
}

const metadata = z.object({ jwks_uri: z.url() });

const destination = z.object({
  aud: z.optional(
    z.union([
      z.pipe(
        z.string(),
        z.transform((one) => [one]),
      ),
      z.array(z.string()),
    ]),
  ),
  client_id: z.optional(z.string()),
});

/** API Gateway's: RSA alone, keys for two hours, 1.5 s to fetch them (docs.aws.amazon.com, http-api-jwt-authorizer, 2026). */
const algorithms = ['RS256', 'RS384', 'RS512'];
const fetchTimeoutMs = 1_500;
const keysMaxAgeMs = 2 * 3_600_000;
/** A local issuer that is started again has another key, unless a folder keeps it. */
const cooldownMs = 1_000;
/** The issuer's clock may be ahead of ours by this much. */
const clockToleranceS = 5;

async function discoverKeys(issuer: string): Promise<JWTVerifyGetKey> {
  const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(fetchTimeoutMs) });
    const { jwks_uri: keysUrl } = metadata.parse(await response.json(), english);
    return createRemoteJWKSet(new URL(keysUrl), {
      timeoutDuration: fetchTimeoutMs,
      cacheMaxAge: keysMaxAgeMs,
      cooldownDuration: cooldownMs,
    });
  } catch (error) {
    throw new Fault('issuer/unavailable', `GET ${url}: ${error instanceof Error ? error.message : error}`, error);
  }
}

/** Why a token does not hold, in words of ours. */
function toReason(error: unknown): string | undefined {
  if (error instanceof errors.JWTExpired) return 'has expired';
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === 'iss') return 'is of another issuer';
    return error.reason === 'missing' ? `has no ${error.claim}` : `has a wrong ${error.claim}`;
  }
  if (error instanceof errors.JOSEAlgNotAllowed) return 'is not signed with RSA';
  if (error instanceof errors.JWSSignatureVerificationFailed || error instanceof errors.JWKSNoMatchingKey)
    return 'is not signed by its issuer';
  // Whatever else the library says of a token; what it can't fetch was taken for a fault before.
  return error instanceof errors.JOSEError ? 'is no JWT' : undefined;
}

/** What is wrong with the key asked for is the token's fault; what is wrong with getting any is not. */
const isOfToken = (error: unknown): boolean =>
  error instanceof errors.JWKSNoMatchingKey ||
  error instanceof errors.JWKSMultipleMatchingKeys ||
  error instanceof errors.JOSENotSupported;

/**
 * Verifies access tokens of one OpenID Connect issuer by its published keys, which are fetched with the first token and
 * again after two hours, or for a key that is not known yet. A token costs no call otherwise.
 */
export function createJoseTokens({ issuer, audience }: Options): VerifyToken {
  const discovered = lazy(() => discoverKeys(issuer));
  const findKey: JWTVerifyGetKey = async (header, token) => {
    const keys = discovered();
    try {
      return await (await keys)(header, token);
    } catch (error) {
      if (isOfToken(error)) throw error;
      discovered.drop(keys);
      if (error instanceof Fault) throw error;
      throw new Fault('issuer/unavailable', `the keys of ${issuer} can't be had`, error);
    }
  };
  return async (token): Promise<Verification> => {
    try {
      const { payload } = await jwtVerify(token, findKey, {
        issuer,
        algorithms,
        clockTolerance: clockToleranceS,
        requiredClaims: ['exp', 'sub'],
      });
      const caller = parseCaller(payload);
      const { data: { aud, client_id: clientId } = {}, success: isWhole } = destination.safeParse(payload);
      if (!caller || !isWhole) return { outcome: 'invalid', reason: 'has claims of a wrong form' };
      const isForUs = aud ? aud.includes(audience) : clientId === audience;
      if (!isForUs) return { outcome: 'invalid', reason: 'is for another audience' };
      return { outcome: 'valid', caller };
    } catch (error) {
      const reason = toReason(error);
      if (reason === undefined) throw error;
      return { outcome: 'invalid', reason };
    }
  };
}
