import { describe, expect, test } from '@jest/globals';
import { toHttpEvent } from '../testing/lambdaEvents.ts';
import { createAdmit, type VerifyToken } from './admit.ts';
import { customerOf, isWithin, reachOf } from './caller.ts';

const callerOf = (...scopes: readonly string[]) => ({ customerId: 'c-1', scopes: new Set(scopes) });

/** Takes tokens of the form `valid:<scopes>`, as the gateway takes signed ones. */
const verify: VerifyToken = async (token) =>
  token.startsWith('valid:')
    ? { outcome: 'valid', caller: callerOf(...token.slice('valid:'.length).split('+')) }
    : { outcome: 'invalid', reason: 'has expired' };
const issuer = 'https://issuer.example';

const admit = (authorization: string | undefined) =>
  createAdmit({ verify, issuer }, ['orders', 'stock'])(
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

describe('whose orders', () => {
  test('a customer’s are their own, and they name nobody', () => {
    const caller = callerOf('orders', 'stock');
    expect([isWithin(reachOf(caller), 'c-1'), isWithin(reachOf(caller), 'c-2')]).toEqual([true, false]);
    expect(customerOf(caller, undefined)).toBe('c-1');
    for (const named of ['c-1', 'c-2'])
      expect(() => customerOf(caller, named)).toThrow(expect.objectContaining({ code: 'http/customer-refused' }));
  });

  test('an operator’s are everybody’s, and who they name', () => {
    const caller = callerOf('orders', 'ops');
    expect(isWithin(reachOf(caller), 'c-2')).toBe(true);
    expect([customerOf(caller, 'c-2'), customerOf(caller, undefined)]).toEqual(['c-2', 'c-1']);
  });
});
