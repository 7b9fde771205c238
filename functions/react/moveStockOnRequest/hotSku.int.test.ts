import { EventStoreDBClient } from '@eventstore/db-client';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startEventStore } from '../../../infra/local/eventStore/startEventStore.ts';
import type { RunningServer } from '../../../infra/local/program.ts';
import { stockStream } from '../../../shared/domain/inventory/index.ts';
import { type FulfilmentFact, fulfilmentStream } from '../../../shared/domain/orderProcessing/index.ts';
import { isFault } from '../../../shared/kernel/fault.ts';
import { lazy } from '../../../shared/kernel/lazy.ts';
import { silentLogger } from '../../../shared/observe/logger.ts';
import { projectStock, type StockView } from '../../../shared/readModels/stockView.ts';
import { fulfilmentAggregate, receiptAggregate } from '../../../shared/store/aggregates.ts';
import { createEsdbEventStore } from '../../../shared/store/esdbEventStore.ts';
import type { EventStore, StoredEvent } from '../../../shared/store/eventStore.ts';
import { handleCommand } from '../../../shared/store/handleCommand.ts';
import { createInMemorySnapshots } from '../../../shared/store/inMemorySnapshots.ts';
import { stoppedClock } from '../../../shared/testing/builders.ts';
import { createHandler } from './handler.ts';

const pieces = 25;
const orders = 60;
const containers = 4;

let server: RunningServer;
let client: EventStoreDBClient;
let store: EventStore;
beforeAll(async () => {
  server = await startEventStore();
  client = EventStoreDBClient.connectionString(server.url);
  store = createEsdbEventStore(lazy(() => client));
});
afterAll(async () => {
  await client.dispose();
  await server.stop();
});

const clock = stoppedClock;
const orderIdOf = (n: number): string => `0b6f0a44-0f2c-5d7e-9f55-${String(n).padStart(12, '0')}`;
const causeOf = (id: string) => ({ id, correlationId: 'correlation', actor: 'test' });

/** An order that asks for one piece; its request as stored. */
async function ask(n: number): Promise<StoredEvent> {
  const orderId = orderIdOf(n);
  const data = { orderId, lines: [{ sku: 'hot', quantity: 1 }], totalMinor: 100, currency: 'EUR' };
  const fact: FulfilmentFact = { type: 'FulfilmentStarted', data };
  const stream = fulfilmentStream(orderId);
  await handleCommand({ store, clock }, fulfilmentAggregate, stream, { type: 'NoteFact', fact }, causeOf(orderId));
  const request = (await Array.fromAsync(store.read(stream))).at(-1);
  if (request?.type !== 'StockReservationRequested') throw new Error('nothing was asked for');
  return request;
}

test('60 orders for the last 25 pieces, each asked for by four containers at once: 25 reserved, and never one too many', async () => {
  const receive = { type: 'ReceiveStock', sku: 'hot', receiptId: orderIdOf(0), quantity: pieces } as const;
  await handleCommand({ store, clock }, receiptAggregate, stockStream('hot'), receive, causeOf('receipt'));
  const requests = await Promise.all(Array.from({ length: orders }, (_, n) => ask(n + 1)));

  const snapshots = createInMemorySnapshots();
  await Promise.all(
    Array.from({ length: containers }, async () => {
      const handle = createHandler({ store, clock, snapshots, logger: silentLogger });
      // A race lost twenty times in a row is handed back to the queue, which brings it again.
      const handleAtLast = async (request: StoredEvent): Promise<void> => {
        for (;;) {
          try {
            await handle(undefined, request);
            return;
          } catch (error) {
            if (!isFault(error) || error.code !== 'store/contended') throw error;
          }
        }
      };
      await Promise.all(requests.map(handleAtLast));
    }),
  );

  let view: StockView | undefined;
  const events = await Array.fromAsync(store.read(stockStream('hot')));
  for (const event of events) {
    view = projectStock(view, event);
    expect(view?.available).toBeGreaterThanOrEqual(0);
  }
  expect(view).toMatchObject({ onHand: pieces, reserved: pieces, available: 0 });
  const ordersOf = (type: string) =>
    events.filter((event) => event.type === type).map(({ data }) => (data as { orderId: string }).orderId);
  expect(new Set(ordersOf('StockReserved')).size).toBe(pieces);
  expect(ordersOf('StockReserved')).toHaveLength(pieces);
  expect(new Set(ordersOf('StockReservationRefused')).size).toBe(orders - pieces);
});
