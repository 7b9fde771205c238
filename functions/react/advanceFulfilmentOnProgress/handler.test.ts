import { expect, test } from '@jest/globals';
import { fulfilmentStream } from '../../../shared/domain/orderProcessing/index.ts';
import { orderStream } from '../../../shared/domain/orders/index.ts';
import { toEventId } from '../../../shared/kernel/ids.ts';
import type { EventStore, NewEvent, StoredEvent } from '../../../shared/store/eventStore.ts';
import { createInMemoryEventStore } from '../../../shared/store/inMemoryEventStore.ts';
import { metadata } from '../../../shared/testing/builders.ts';
import { createManualClock } from '../../../shared/testing/manualClock.ts';
import { orderId, orderOfMugs } from '../../../shared/testing/orders.ts';
import { createHandler } from './handler.ts';

const order = orderStream(orderId);
const clock = { ...createManualClock('2026-11-30T12:00:00.000Z'), sleep: async () => undefined };

const newEvent = (type: string, data: object, schemaVersion = 1): NewEvent => ({
  id: toEventId('cause', 'test', order, 0, type),
  type,
  data,
  metadata: { ...metadata, schemaVersion },
});
const created = newEvent('OrderCreated', orderOfMugs, 2);

/** An order that was placed and cancelled within a moment. */
async function makeOrder() {
  const store = createInMemoryEventStore();
  await store.append(order, [created, newEvent('OrderCancelled', { orderId })], 'no-stream');
  const [first, second] = (await Array.fromAsync(store.read(order))) as [StoredEvent, StoredEvent];
  const types = async () => (await Array.fromAsync(store.read(fulfilmentStream(orderId)))).map(({ type }) => type);
  return { store, first, second, types };
}

/** The node that led until just now: it has what was stored up to this event, and only ever that. */
const cutOff = (store: EventStore, last: StoredEvent): EventStore => ({
  ...store,
  async *read(...args) {
    for await (const event of store.read(...args)) if ((event.position ?? 0n) <= (last.position ?? 0n)) yield event;
  },
});

test('notes what happened, once, with all that it makes necessary', async () => {
  const { store, first, second, types } = await makeOrder();
  const handler = createHandler({ store, clock });
  for (const event of [first, first, second, second]) await handler(undefined, event);
  expect(await types()).toEqual(['FulfilmentStarted', 'StockReservationRequested', 'OrderCancellationNoted']);
});

test('a cancellation is noted, now or later, by who can read it and not the beginning that came after it', async () => {
  const { store, first, second, types } = await makeOrder();
  await createHandler({ store, clock })(undefined, first);
  const behind = createHandler({ store: cutOff(store, second), clock });
  await expect(behind(undefined, second)).rejects.toMatchObject({ code: 'store/behind', retryable: true });
  expect(await types()).not.toContain('OrderCancellationNoted');
  await createHandler({ store, clock })(undefined, second);
  expect(await types()).toContain('OrderCancellationNoted');
});
