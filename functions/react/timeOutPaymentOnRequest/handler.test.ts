import { expect, test } from '@jest/globals';
import { Postponed } from '../../../shared/broker/consumer.ts';
import { type FulfilmentFact, fulfilmentStream } from '../../../shared/domain/orderProcessing/index.ts';
import { fulfilmentAggregate } from '../../../shared/store/aggregates.ts';
import { handleCommand, loadState } from '../../../shared/store/handleCommand.ts';
import { createInMemoryEventStore } from '../../../shared/store/inMemoryEventStore.ts';
import { createHandler } from './handler.ts';

const orderId = '0b6f0a44-0f2c-5d7e-9f55-6b4f3f0a1c11';
const stream = fulfilmentStream(orderId);
const noon = Date.parse('2026-11-23T12:00:00.000Z');
const lines = [{ sku: 'mug', quantity: 2 }];

/** An order whose money was asked for at noon; answers the request as stored. */
async function makeWorld() {
  const store = createInMemoryEventStore();
  let nowMs = noon;
  const clock = { now: () => new Date(nowMs), sleep: async () => undefined };
  let facts = 0;
  const note = (fact: FulfilmentFact) => {
    facts += 1;
    const cause = { id: `cause-${facts}`, correlationId: 'correlation-1', actor: 'test' };
    return handleCommand({ store, clock }, fulfilmentAggregate, stream, { type: 'NoteFact', fact }, cause);
  };
  await note({ type: 'FulfilmentStarted', data: { orderId, lines, totalMinor: 2500, currency: 'EUR' } });
  await note({ type: 'StockReservationAccepted', data: { orderId, sku: 'mug', quantity: 2 } });
  const request = (await Array.fromAsync(store.read(stream))).at(-1);
  if (request?.type !== 'PaymentAuthorizationRequested') throw new Error('the money was not asked for');
  const handler = createHandler({ store, clock, timeoutMs: 60_000 });
  return {
    note,
    run: () => handler(undefined, request),
    at: (ms: number) => {
      nowMs = noon + ms;
    },
    state: async () => (await loadState(store, fulfilmentAggregate, stream)).state,
  };
}

test('before its time it is looked at again then, and nothing happens', async () => {
  const world = await makeWorld();
  const before = await world.state();
  world.at(59_999);
  expect(await world.run()).toEqual(new Postponed(new Date('2026-11-23T12:01:00.000Z')));
  expect(await world.state()).toEqual(before);
});

test('at its time the order is given up, once, while the money stays asked for', async () => {
  const world = await makeWorld();
  world.at(60_000);
  expect(await world.run()).toBeUndefined();
  expect(await world.state()).toMatchObject({
    goal: { kind: 'reject', reason: 'payment-timeout' },
    lines: [{ status: 'release-requested' }],
    payment: 'requested',
    order: 'rejection-requested',
  });
  const after = await world.state();
  expect(await world.run()).toBeUndefined();
  expect(await world.state()).toEqual(after);
});

test('the answer that comes after it is voided', async () => {
  const world = await makeWorld();
  world.at(60_000);
  await world.run();
  await world.note({ type: 'PaymentAuthorizationAccepted', data: { orderId } });
  expect(await world.state()).toMatchObject({ payment: 'void-requested' });
});

test.each([
  ['answered', { type: 'PaymentAuthorizationAccepted', data: { orderId } }],
  ['declined', { type: 'PaymentAuthorizationDeclined', data: { orderId, reason: 'insufficient-funds' } }],
  ['cancelled', { type: 'OrderCancellationNoted', data: { orderId } }],
] as const)('a hint that comes when it was %s changes nothing and asks for no other', async (_, fact) => {
  const world = await makeWorld();
  await world.note(fact);
  const before = await world.state();
  for (const ms of [1, 60_000, 3_600_000]) {
    world.at(ms);
    expect(await world.run()).toBeUndefined();
  }
  expect(await world.state()).toEqual(before);
});
