import { expect, test } from '@jest/globals';
import { createHandler as createCancel } from '../../functions/http/cancelOrder/handler.ts';
import { createHandler as createPlace } from '../../functions/http/placeOrder/handler.ts';
import { createHandler as createReceive } from '../../functions/http/receiveStock/handler.ts';
import type { Product } from '../../shared/domain/catalogue/index.ts';
import type { OrderId } from '../../shared/kernel/ids.ts';
import { silentLogger } from '../../shared/observe/logger.ts';
import { projectStock, type StockView } from '../../shared/readModels/stockView.ts';
import { createChance } from '../../shared/testing/chance.ts';
import { recipient } from '../../shared/testing/personal.ts';
import { calm } from './hazard.ts';
import { createWorld } from './world.ts';

const products = new Map<string, Product>([
  ['mug', { sku: 'mug', name: 'Mug', priceMinor: 1250, currency: 'EUR' }],
  ['pen', { sku: 'pen', name: 'Pen', priceMinor: 150, currency: 'EUR' }],
]);
const context = { correlationId: 'simulation' };

/** One order of two lines, cancelled after so many events of its own streams; answers how it ended. */
async function cancelAfter(events: number) {
  const world = createWorld(createChance(events + 1), calm);
  const { truth: store, clock, personal, snapshots } = world;
  for (const sku of products.keys()) {
    const request = { callerId: 'dock', sku, quantity: 10, idempotencyKey: 'delivery-1' };
    await createReceive({ store, clock, snapshots, logger: silentLogger })(request, context);
  }
  const lines = [...products.keys()].map((sku) => ({ callerId: 'dock', sku, quantity: 1 }));
  const place = createPlace({ store, clock, personal, products: { find: async () => products } });
  const placed = await place({ customerId: 'c-1', recipient, idempotencyKey: 'key', lines }, context);
  if (!('body' in placed)) throw new Error('refused');
  const { orderId } = placed.body as { orderId: OrderId };

  const read = (stream: string) => Array.fromAsync(store.read(stream));
  const streams = ['order', 'fulfilment', 'payment', 'shipment'].map((category) => `${category}-${orderId}`);
  const count = async () => (await Promise.all(streams.map(read))).flat().length;
  let hasMore = true;
  while (hasMore && (await count()) < events) hasMore = (await world.step()) || (await world.mend());
  const isWithShipping = (await read(`order-${orderId}`)).some(({ type }) => type === 'OrderReleased');
  const cancelled = await createCancel({ store, clock })({ orderId, reach: 'anyone' }, context);
  await world.settle();

  const stock: (StockView | undefined)[] = [];
  for (const sku of products.keys()) {
    const history = await read(`stock-${sku}`);
    stock.push(history.reduce<StockView | undefined>(projectStock, undefined));
  }
  return {
    isCancelled: !('problem' in cancelled),
    isWithShipping,
    isOver: !hasMore,
    order: (await read(`order-${orderId}`)).at(-1)?.type,
    fulfilment: (await read(`fulfilment-${orderId}`)).at(-1)?.data,
    stock: stock.map((view) => view && [view.onHand, view.reserved]),
    money: world.gateway.effects.map(({ kind }) => kind),
    parcels: world.carrier.taken.length,
    subjects: world.mailbox.mails.map(({ subject }) => subject),
    deadLetters: world.deadLetters(),
  };
}

test('a cancellation at every single moment is carried out or refused, and either way nothing stays held', async () => {
  const ends: boolean[] = [];
  for (let events = 1; ; events += 1) {
    const { isCancelled, isWithShipping, isOver, money, subjects, ...end } = await cancelAfter(events);
    ends.push(isCancelled);
    expect([events, isCancelled]).toEqual([events, !isWithShipping]);
    if (isCancelled) {
      expect([events, end]).toEqual([
        events,
        {
          order: 'OrderCancelled',
          fulfilment: expect.objectContaining({ outcome: 'cancelled' }),
          stock: [
            [10, 0],
            [10, 0],
          ],
          parcels: 0,
          deadLetters: [],
        },
      ]);
      expect([[], ['authorized', 'voided']]).toContainEqual(money);
      expect(subjects.filter((subject) => subject === 'Your order is cancelled')).toHaveLength(1);
    } else {
      expect([events, end]).toEqual([
        events,
        {
          order: 'OrderShipped',
          fulfilment: expect.objectContaining({ outcome: 'shipped' }),
          stock: [
            [9, 0],
            [9, 0],
          ],
          parcels: 1,
          deadLetters: [],
        },
      ]);
      expect(money).toEqual(['authorized', 'captured']);
      expect(subjects).toEqual(['Your order is confirmed', 'Your order is on its way']);
    }
    if (isOver) break;
  }
  expect(ends.filter((isCancelled) => isCancelled).length).toBeGreaterThan(10);
  expect(ends.filter((isCancelled) => !isCancelled).length).toBeGreaterThan(5);
});
