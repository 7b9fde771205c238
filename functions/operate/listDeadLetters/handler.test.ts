import { expect, test } from '@jest/globals';
import { route } from '../../../shared/http/route.ts';
import { Fault } from '../../../shared/kernel/fault.ts';
import { silentLogger } from '../../../shared/observe/logger.ts';
import { admitting, operator } from '../../../shared/testing/callers.ts';
import { callRoute } from '../../../shared/testing/callRoute.ts';
import { makeOperations } from '../../../shared/testing/deadLetterRig.ts';
import { toHttpEvent, toRmqEvent } from '../../../shared/testing/lambdaEvents.ts';
import { createHandler } from './handler.ts';
import { parseRequest } from './request.ts';

const makeRoute = () => {
  const operations = makeOperations();
  const list = route(silentLogger, admitting(operator), parseRequest, createHandler(operations.deps));
  return { ...operations, list: (query: Record<string, string> = {}) => callRoute(list, toHttpEvent({ query })) };
};

test('GET /ops/dead-letters: how many of each cause, and each with what is known of it', async () => {
  const { block, consume, deliver, list } = makeRoute();
  await block('order-1', () => new Fault('payments/refused', 'bad request'));
  await consume(toRmqEvent({ body: 'hello' }));
  await deliver();
  expect(await list()).toMatchObject({
    status: 200,
    body: {
      total: 2,
      causes: [
        { cause: 'payments/refused on Happened', count: 1 },
        { cause: 'malformed message', count: 1 },
      ],
      deadLetters: [
        { id: 'test/order-1@1', reason: 'blocked', stream: 'order-1', revision: 1, attempts: 1, type: 'Happened' },
        { reason: 'malformed', body: 'hello' },
      ],
    },
  });
  expect(await list({ cause: 'malformed message', limit: '1' })).toMatchObject({ body: { total: 1 } });
});

test('with the broker down it tells of the streams that are blocked, and that the queues were not seen', async () => {
  const { block, list, queue, logger } = makeRoute();
  await block('order-1', () => new Fault('payments/refused', 'bad request'));
  queue.look = async () => {
    throw new Fault('broker/unavailable', 'connect ECONNREFUSED');
  };
  expect(await list()).toMatchObject({
    status: 200,
    body: { total: 1, isComplete: false, queueFault: 'broker/unavailable', deadLetters: [{ id: 'test/order-1@1' }] },
  });
  expect(logger.lines).toContainEqual(expect.objectContaining({ level: 'warn', error: 'connect ECONNREFUSED' }));
  expect(JSON.stringify((await list()).body)).not.toContain('ECONNREFUSED');
});

test('tells of no more causes than the hundred most frequent', async () => {
  const { block, list } = makeRoute();
  for (let n = 0; n < 102; n += 1) {
    const name = String.fromCharCode(97 + (n % 26), 97 + Math.floor(n / 26));
    await block(`order-${n}`, () => new Error(`${name} is odd`));
  }
  const { body } = await list({ limit: '5' });
  const { total, isComplete, causes, deadLetters } = body as Record<string, never[]>;
  expect([total, isComplete, causes?.length, deadLetters?.length]).toEqual([102, true, 100, 5]);
});

test.each(['0', '1001', '0x10', '1e3', '-1', '1.5', ''])('a limit that is none is refused: %j', async (limit) => {
  expect(await makeRoute().list({ limit })).toMatchObject({ status: 400, body: { errors: [{ field: 'limit' }] } });
});

test.each(['1', '999', '1000'])('a limit of %s is taken', async (limit) => {
  expect(await makeRoute().list({ limit })).toMatchObject({ status: 200 });
});

test('a parameter that there is not is refused', async () => {
  expect(await makeRoute().list({ foo: '1' })).toMatchObject({ status: 400, body: { errors: [{ field: 'foo' }] } });
});

test('a consumer that there is not is refused, with those that there are', async () => {
  const answer = await makeRoute().list({ consumer: 'bogus' });
  expect(answer).toMatchObject({ status: 400, body: { errors: [{ field: 'consumer' }] } });
  expect(JSON.stringify(answer.body)).toMatch(/order-processing.*stock-view/);
  expect(await makeRoute().list({ consumer: 'stock-view' })).toMatchObject({ status: 200, body: { total: 0 } });
});
