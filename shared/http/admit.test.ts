import { describe, expect, test } from '@jest/globals';
import { toHttpEvent } from '../testing/lambdaEvents.ts';
import { createAdmit } from './admit.ts';
import { customerOf, isWithin, reachOf } from './caller.ts';

const callerOf = (...scopes: readonly string[]) => ({ customerId: 'c-1', scopes: new Set(scopes) });

const admit = async (claims?: Readonly<Record<string, unknown>>, headers: Readonly<Record<string, string>> = {}) =>
  createAdmit(['orders', 'stock'])(toHttpEvent({ headers, ...(claims && { claims }) }));

describe('who is admitted, of those whose token the gateway has verified', () => {
  test.each([
    ['scopes as words', { scope: 'orders else' }, ['orders', 'else']],
    ['a list in scp', { scp: ['orders', 'ops'] }, ['orders', 'ops']],
    ['a list as API Gateway writes it', { scp: '[orders ops]' }, ['orders', 'ops']],
    ['one scope in a list as API Gateway writes it', { scp: '[stock]' }, ['stock']],
    ['one scope with a comma in it', { scope: 'orders,ops orders' }, ['orders,ops', 'orders']],
    ['both', { scope: 'orders', scp: 'stock' }, ['orders', 'stock']],
  ])('%s', async (_, scopes, expected) => {
    expect(await admit({ sub: 'c-1', exp: '1795472741', ...scopes })).toEqual(callerOf(...expected));
  });

  test.each([
    ['nothing verified', undefined, {}, 401, 'http/no-token', 'Bearer'],
    [
      'a token that was not verified',
      undefined,
      { Authorization: 'Bearer x' },
      401,
      'http/invalid-token',
      'not verified',
    ],
    ['no sub', { scope: 'orders' }, {}, 401, 'http/invalid-token', 'error="invalid_token"'],
    ['a sub that no customer has', { sub: 'a b', scope: 'orders' }, {}, 401, 'http/invalid-token', 'wrong form'],
    ['no scope', { sub: 'c-1' }, {}, 403, 'http/missing-scope', 'scope="orders stock"'],
    [
      'scopes parted by commas',
      { sub: 'c-1', scope: 'orders,ops' },
      {},
      403,
      'http/missing-scope',
      'insufficient_scope',
    ],
    ['other scopes', { sub: 'c-1', scope: 'ops order [orders' }, {}, 403, 'http/missing-scope', 'insufficient_scope'],
  ])('%s is refused', async (_, claims, headers, statusCode, code, challenge) => {
    await expect(admit(claims, headers)).rejects.toMatchObject({
      statusCode,
      code,
      headers: { 'www-authenticate': expect.stringContaining(challenge) },
    });
  });

  test('what is open takes everybody, and knows nobody', async () => {
    const open = createAdmit('open');
    expect(await open(toHttpEvent())).toEqual({ customerId: '', scopes: new Set() });
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
