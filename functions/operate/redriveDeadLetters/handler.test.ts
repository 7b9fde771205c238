import { describe, expect, test } from '@jest/globals';
import { route } from '../../../shared/http/route.ts';
import { Fault } from '../../../shared/kernel/fault.ts';
import { silentLogger } from '../../../shared/observe/logger.ts';
import { admitting, operator } from '../../../shared/testing/callers.ts';
import { callRoute } from '../../../shared/testing/callRoute.ts';
import { makeOperations } from '../../../shared/testing/deadLetterRig.ts';
import { toHttpEvent } from '../../../shared/testing/lambdaEvents.ts';
import { createHandler } from './handler.ts';
import { parseRequest } from './request.ts';

function makeRoute() {
  const operations = makeOperations();
  const redrive = route(silentLogger, admitting(operator), parseRequest, createHandler(operations.deps));
  return {
    ...operations,
    redrive: (body: unknown) => callRoute(redrive, toHttpEvent({ body })),
  };
}
const refused = () => new Fault('payments/refused', 'bad request');

describe('POST /ops/dead-letters/redrive', () => {
  test('says of each dead letter what has become of it', async () => {
    const { block, redrive, deliver, failures, row } = makeRoute();
    await block('order-1', refused);
    failures.clear();
    const answer = await redrive({ all: true, ratePerSecond: 100 });
    expect(answer).toMatchObject({
      status: 200,
      body: {
        dryRun: false,
        matched: 1,
        counts: { done: 1 },
        deadLetters: [{ id: 'test/order-1@1', outcome: 'done' }],
      },
    });
    await deliver();
    expect(await row('order-1')).toMatchObject({ revision: 2n });
  });

  test('dry, it says what would happen: where each stream would go on, and how far', async () => {
    const { block, redrive, row } = makeRoute();
    await block('order-1', refused);
    expect(await redrive({ id: 'test/order-1@1', dryRun: true })).toMatchObject({
      status: 200,
      body: {
        dryRun: true,
        counts: { 'would-be-done': 1 },
        causes: [{ consumer: 'test', cause: 'payments/refused on Happened', count: 1 }],
        deadLetters: [{ stream: 'order-1', revision: 1, head: 2, waitingEvents: 2 }],
      },
    });
    expect(await row('order-1')).toMatchObject({ status: 'blocked' });
  });

  test('names a hundred of them, counts all, and says whether the same request goes on', async () => {
    const { block, redrive } = makeRoute();
    for (let n = 0; n < 150; n += 1) await block(`order-${n}`, refused);
    const dry = await redrive({ all: true, dryRun: true });
    expect(dry).toMatchObject({ body: { matched: 150, counts: { 'would-be-done': 150 }, again: false } });
    expect((dry.body as { deadLetters: unknown[] }).deadLetters).toHaveLength(100);
    const first = await redrive({ all: true, ratePerSecond: 5 });
    expect(first).toMatchObject({ body: { matched: 150, counts: { done: 101, remaining: 49 }, again: true } });
    const second = await redrive({ all: true, ratePerSecond: 5 });
    expect(second).toMatchObject({ body: { matched: 49, counts: { done: 49 }, again: false } });
  });

  test('is done by whom the token names, for the record', async () => {
    const { block, redrive, store } = makeRoute();
    await block('order-1', refused);
    await redrive({ all: true });
    const [record] = await Array.fromAsync(store.read('remedy-test/order-1@1'));
    expect(record?.data).toMatchObject({});
  });

  test.each([
    ['a name of somebody else', { all: true, by: 'ada' }, '/by'],
    ['no selection', {}, ''],
    ['two selections', { all: true, id: 'x' }, ''],
    ['a consumer that there is not', { all: true, consumer: 'bogus' }, '/consumer'],
    ['a misspelt field', { al: true }, '/al'],
    ['no rate at all', { all: true, ratePerSecond: 0 }, '/ratePerSecond'],
  ])('%s is refused', async (_, body, field) => {
    const { redrive } = makeRoute();
    const answer = await redrive(body);
    expect(answer).toMatchObject({ status: 400, body: { code: 'http/invalid' } });
    expect((answer.body as { errors: { field: string }[] }).errors.map((error) => error.field)).toContain(field);
  });
});
