import { expect, test } from '@jest/globals';
import type { Caller } from '../../../shared/http/caller.ts';
import { route } from '../../../shared/http/route.ts';
import { erased } from '../../../shared/kernel/erased.ts';
import { Fault } from '../../../shared/kernel/fault.ts';
import { type LogFields, silentLogger } from '../../../shared/observe/logger.ts';
import { admitting, customer, operator } from '../../../shared/testing/callers.ts';
import { callRoute } from '../../../shared/testing/callRoute.ts';
import { toHttpEvent } from '../../../shared/testing/lambdaEvents.ts';
import { makePersonal, recipient } from '../../../shared/testing/personal.ts';
import { createHandler } from './handler.ts';
import { parseRequest } from './request.ts';

function makeRoute(
  personal: Parameters<typeof createHandler>[0]['personal'],
  caller: Caller = operator,
  logged: LogFields[] = [],
) {
  const logger = { ...silentLogger, info: (_: string, fields: LogFields = {}) => void logged.push(fields) };
  const handler = route(logger, admitting(caller), parseRequest, createHandler({ personal }));
  return (customerId: string) => callRoute(handler, toHttpEvent({ method: 'DELETE', path: { customerId } }));
}

test('erases what this customer has, and no other, as often as it is asked', async () => {
  const personal = makePersonal();
  const [mine, others] = [await personal.seal('c-1', recipient), await personal.seal('c-2', recipient)];
  const erase = makeRoute(personal);
  const answer = await erase('c-1');
  expect(answer).toMatchObject({ status: 204, body: undefined });
  expect(answer.headers).not.toHaveProperty('content-type');
  expect(await erase('c-1')).toMatchObject({ status: 204 });
  expect(await personal.open('c-1', mine)).toBe(erased);
  expect(await personal.open('c-2', others)).toEqual(recipient);
});

test('customers erase themselves, and nobody else', async () => {
  const personal = makePersonal();
  const others = await personal.seal('c-2', recipient);
  const erase = makeRoute(personal, customer('c-1'));
  expect(await erase('c-1')).toMatchObject({ status: 204 });
  expect(await erase('c-2')).toMatchObject({ status: 403, body: { code: 'http/customer-refused' } });
  expect(await personal.open('c-2', others)).toEqual(recipient);
});

test('the log says who asked for it, and not whose data it was', async () => {
  const logged: LogFields[] = [];
  await makeRoute(makePersonal(), operator, logged)('ada@customers.example');
  await makeRoute(makePersonal(), customer('ada@customers.example'), logged)('ada@customers.example');
  expect(logged).toMatchObject([
    { statusCode: 204, askedBy: 'operator', by: 'op-1' },
    { statusCode: 204, askedBy: 'customer' },
  ]);
  expect(JSON.stringify(logged)).not.toContain('ada@');
});

test('a customer whom nobody knows is answered as any other', async () => {
  expect(await makeRoute(makePersonal())('nobody')).toMatchObject({ status: 204 });
});

test('what no customer can be called is refused', async () => {
  const answer = await makeRoute(makePersonal())('a/b');
  expect(answer).toMatchObject({ status: 400, body: { code: 'http/invalid', errors: [{ field: 'customerId' }] } });
});

test('a table that is down: nothing is promised', async () => {
  const erase = makeRoute({
    erase: async () => {
      throw new Fault('table/unavailable', 'down');
    },
  });
  expect(await erase('c-1')).toMatchObject({ status: 503, headers: { 'retry-after': '1' } });
});
