import { describe, expect, test } from '@jest/globals';
import { toHttpEvent } from '../../../shared/testing/lambdaEvents.ts';
import { createGate } from './gate.ts';
import type { VerifyToken } from './joseTokens.ts';

const callerOf = (...scopes: readonly string[]) => ({ customerId: 'c-1', scopes: new Set(scopes) });

/** Takes tokens of the form `valid:<scopes>`, as the gateway takes signed ones. */
const verify: VerifyToken = async (token) =>
  token.startsWith('valid:')
    ? { outcome: 'valid', caller: callerOf(...token.slice('valid:'.length).split('+')) }
    : { outcome: 'invalid', reason: 'has expired' };
const issuer = 'https://issuer.example';

const admit = async (authorization: string | undefined) =>
  createGate({ verify, issuer }, ['orders', 'stock'])(
    toHttpEvent({ headers: authorization === undefined ? {} : { Authorization: authorization } }),
  );

describe('who is admitted', () => {
  test.each(['orders', 'stock', 'else+orders'])('a token with the scopes %s', async (scopes) => {
    expect(await admit(`Bearer valid:${scopes}`)).toEqual(callerOf(...scopes.split('+')));
    expect(await admit(`bearer  valid:${scopes}`)).toEqual(callerOf(...scopes.split('+')));
  });

  test.each([
    ['no header', undefined, 401, 'http/no-token', 'Bearer realm="https://issuer.example"'],
    ['an empty header', ' ', 401, 'http/no-token', 'Bearer realm="https://issuer.example"'],
    ['another scheme', 'Basic valid:orders', 401, 'http/invalid-token', 'error="invalid_token"'],
    ['no scheme', 'valid:orders', 401, 'http/invalid-token', 'error="invalid_token"'],
    ['two tokens', 'Bearer valid:orders valid:stock', 401, 'http/invalid-token', 'error="invalid_token"'],
    ['a token that does not hold', 'Bearer x', 401, 'http/invalid-token', 'error_description="the token has expired"'],
    ['other scopes', 'Bearer valid:ops+order', 403, 'http/missing-scope', 'scope="orders stock"'],
  ])('%s is refused', async (_, authorization, statusCode, code, challenge) => {
    await expect(admit(authorization)).rejects.toMatchObject({
      statusCode,
      code,
      headers: { 'www-authenticate': expect.stringContaining(challenge) },
    });
  });

  test('the refusal does not repeat the token', async () => {
    const refusal = await admit('Bearer secret').catch((error: unknown) => JSON.stringify(error));
    expect(refusal).not.toContain('secret');
  });
});
