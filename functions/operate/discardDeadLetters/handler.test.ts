import { expect, test } from '@jest/globals';
import { route } from '../../../shared/http/route.ts';
import { Fault } from '../../../shared/kernel/fault.ts';
import { silentLogger } from '../../../shared/observe/logger.ts';
import { admitting, operator } from '../../../shared/testing/callers.ts';
import { callRoute } from '../../../shared/testing/callRoute.ts';
import { makeOperations } from '../../../shared/testing/deadLetterRig.ts';
import { toHttpEvent } from '../../../shared/testing/lambdaEvents.ts';
import { createHandler } from './handler.ts';
import { parseRequest } from './request.ts';

const makeRoute = () => {
  const operations = makeOperations();
  const discard = route(silentLogger, admitting(operator), parseRequest, createHandler(operations.deps));
  return { ...operations, discard: (body: unknown) => callRoute(discard, toHttpEvent({ body })) };
};

test('POST /ops/dead-letters/discard gives up what failed, for a reason', async () => {
  const { block, discard, deliver, row } = makeRoute();
  await block('order-1', () => new Fault('payments/refused', 'bad request'));
  const answer = await discard({ id: 'test/order-1@1', reason: 'a test order' });
  expect(answer).toMatchObject({ status: 200, body: { counts: { done: 1 } } });
  await deliver();
  expect(await row('order-1')).toMatchObject({ revision: 2n, view: ['a', 'c'] });
});

test('without a reason it is refused', async () => {
  const { discard } = makeRoute();
  expect(await discard({ all: true })).toMatchObject({
    status: 400,
    body: { errors: [{ field: '/reason' }] },
  });
});

test('of a consumer that there is not it is refused', async () => {
  const { discard } = makeRoute();
  expect(await discard({ all: true, reason: 'a test', consumer: 'bogus' })).toMatchObject({
    status: 400,
    body: { errors: [{ field: '/consumer' }] },
  });
});
