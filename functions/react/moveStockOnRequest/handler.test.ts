import { describe, expect, test } from '@jest/globals';
import { stockStream } from '../../../shared/domain/inventory/index.ts';
import { type FulfilmentFact, fulfilmentStream } from '../../../shared/domain/orderProcessing/index.ts';
import { Fault } from '../../../shared/kernel/fault.ts';
import type { EventId } from '../../../shared/kernel/ids.ts';
import { silentLogger } from '../../../shared/observe/logger.ts';
import { fulfilmentAggregate, receiptAggregate, stockAggregate } from '../../../shared/store/aggregates.ts';
import type { EventStore, StoredEvent } from '../../../shared/store/eventStore.ts';
import { handleCommand, loadState } from '../../../shared/store/handleCommand.ts';
import { createInMemoryEventStore } from '../../../shared/store/inMemoryEventStore.ts';
import { createInMemorySnapshots } from '../../../shared/store/inMemorySnapshots.ts';
import { stoppedClock as clock, metadata } from '../../../shared/testing/builders.ts';
import { createHandler } from './handler.ts';

const orderId = '0b6f0a44-0f2c-5d7e-9f55-6b4f3f0a1c11';
const order = fulfilmentStream(orderId);
const mug = { orderId, sku: 'mug', quantity: 2 };

let causes = 0;
const newCause = () => {
  causes += 1;
  return { id: `cause-${causes}`, correlationId: 'correlation-1', actor: 'test' };
};

/** A store with `quantity` mugs and an order that asks for two of them; answers the request as stored. */
async function makeWorld(quantity: number) {
  const store = createInMemoryEventStore();
  const note = (fact: FulfilmentFact) =>
    handleCommand({ store, clock }, fulfilmentAggregate, order, { type: 'NoteFact', fact }, newCause());
  const receive = async (more: number) => {
    const receiptId = `5f2d1a9e-7b0c-5c3e-8a41-${String(causes).padStart(12, '0')}`;
    const command = { type: 'ReceiveStock', sku: 'mug', receiptId, quantity: more } as const;
    await handleCommand({ store, clock }, receiptAggregate, stockStream('mug'), command, newCause());
  };
  if (quantity > 0) await receive(quantity);
  const lines = [{ sku: 'mug', quantity: 2 }];
  await note({ type: 'FulfilmentStarted', data: { orderId, lines, totalMinor: 2500, currency: 'EUR' } });
  const [, request] = await Array.fromAsync(store.read(order));
  if (!request) throw new Error('nothing was asked for');
  const stock = async () => (await loadState(store, stockAggregate, stockStream('mug'))).state;
  const types = async (of: string) => (await Array.fromAsync(store.read(of))).map(({ type }) => type);
  return { store, note, receive, request, stock, types };
}

/** Runs `meanwhile` once, after the first read has ended. */
function withRival(store: EventStore, meanwhile: () => Promise<unknown>): EventStore {
  let isDone = false;
  return {
    ...store,
    async *read(...args) {
      yield* store.read(...args);
      if (isDone) return;
      isDone = true;
      await meanwhile();
    },
  };
}

const makeHandler = (store: EventStore) =>
  createHandler({ store, clock, snapshots: createInMemorySnapshots(), logger: silentLogger });
const run = (store: EventStore, event: StoredEvent) => makeHandler(store)(undefined, event);

describe('a reservation', () => {
  test('is made, and the order told', async () => {
    const { store, request, types } = await makeWorld(10);
    await run(store, request);
    expect(await types(stockStream('mug'))).toEqual(['StockReceived', 'StockReserved']);
    expect(await types(order)).toContain('StockReservationAccepted');
  });

  test('asked for again, at any time after, is not made again', async () => {
    const { store, request, types } = await makeWorld(10);
    await run(store, request);
    await run(store, request);
    expect(await types(stockStream('mug'))).toEqual(['StockReceived', 'StockReserved']);
    expect((await types(order)).filter((type) => type === 'StockReservationAccepted')).toHaveLength(1);
  });

  test('a run that was held up while another finished, and the parcel left, reserves nothing', async () => {
    const { store, request, note, receive, types } = await makeWorld(10);
    const wholeWay = async () => {
      // So that the store can't take the late reservation for a repeat of the first one.
      await receive(1);
      await run(store, request);
      await note({ type: 'PaymentAuthorizationAccepted', data: { orderId } });
      await note({ type: 'OrderConfirmationCompleted', data: { orderId } });
      await note({ type: 'OrderReleaseCompleted', data: { orderId } });
      await note({ type: 'ShipmentCompleted', data: { orderId, trackingNumber: 'WB-1' } });
      const events = await Array.fromAsync(store.read(order));
      const dispatch = events.find(({ type }) => type === 'StockDispatchRequested');
      if (dispatch) await run(store, dispatch);
    };
    await run(withRival(store, wholeWay), request);
    const all = ['StockReceived', 'StockReceived', 'StockReserved', 'StockDispatched'];
    expect(await types(stockStream('mug'))).toEqual(all);
  });

  test('made for an order that was told otherwise before is given back', async () => {
    const { store, request, note, receive, stock } = await makeWorld(0);
    await receive(10);
    const racing: EventStore = {
      ...store,
      async append(stream, ...rest) {
        const result = await store.append(stream, ...rest);
        // Another run's answer arrives between this one's reservation and its report.
        if (stream === stockStream('mug'))
          await note({ type: 'StockReservationDeclined', data: { ...mug, available: 0 } });
        return result;
      },
    };
    await run(racing, request);
    expect(await stock()).toMatchObject({ onHand: 10, reserved: 0 });
  });

  test('made while the order was being told otherwise is given back, also where both were said to the same revision', async () => {
    const { store, receive, request, stock, types } = await makeWorld(0);
    // A process that has decided, and is held up before it tells the order.
    const start = () => {
      const [gate, reached] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
      const append: EventStore['append'] = async (...args) => {
        if (args[0] === order) {
          reached.resolve();
          await gate.promise;
        }
        return store.append(...args);
      };
      const running = run({ ...store, append }, request);
      const end = (): Promise<unknown> => {
        gate.resolve();
        return running;
      };
      return { reached: reached.promise, end };
    };
    const refused = start();
    await refused.reached;
    // So many that this refusal is not remembered any more.
    const refusal = (n: number) => ({
      id: `refusal-${n}` as EventId,
      type: 'StockReservationRefused',
      data: {
        sku: 'mug',
        orderId: `0b6f0a44-0f2c-5d7e-9f55-${String(n).padStart(12, '0')}`,
        quantity: 1,
        available: 0,
      },
      metadata,
    });
    await store.append(
      stockStream('mug'),
      Array.from({ length: 1_001 }, (_, n) => refusal(n)),
      0n,
    );
    await receive(5);
    const reserved = start();
    await reserved.reached;
    expect((await stock()).reservations.size).toBe(1);
    await refused.end();
    await reserved.end();
    expect((await types(order)).slice(2, 3)).toEqual(['StockReservationDeclined']);
    expect((await stock()).reservations.size).toBe(0);
  });
});

test('less than is asked for is refused, and the order told what there is', async () => {
  const { store, request } = await makeWorld(1);
  await run(store, request);
  const declined = (await Array.fromAsync(store.read(order))).find(({ type }) => type === 'StockReservationDeclined');
  expect(declined?.data).toEqual({ ...mug, available: 1 });
});

test('what concerns others is passed over', async () => {
  const { store, types } = await makeWorld(10);
  const [started] = await Array.fromAsync(store.read(order));
  if (started) await run(store, started);
  expect(await types(stockStream('mug'))).toEqual(['StockReceived']);
});

describe('orders of one batch that want the same', () => {
  /** Stock of one SKU, and so many orders that ask for two of it each. */
  async function makeQueue(stock: number, orders: number) {
    const world = await makeWorld(stock);
    const ids = Array.from({ length: orders }, (_, n) => `5f2d1a9e-7b0c-5c3e-8a41-${String(n).padStart(12, '0')}`);
    const requests = await Promise.all(
      ids.map(async (id) => {
        const lines = [{ sku: 'mug', quantity: 2 }];
        const fact = {
          type: 'FulfilmentStarted',
          data: { orderId: id, lines, totalMinor: 2500, currency: 'EUR' },
        } as const;
        const deps = { store: world.store, clock };
        await handleCommand(deps, fulfilmentAggregate, fulfilmentStream(id), { type: 'NoteFact', fact }, newCause());
        const [, request] = await Array.fromAsync(world.store.read(fulfilmentStream(id)));
        if (!request) throw new Error('nothing was asked for');
        return request;
      }),
    );
    const appends: number[] = [];
    const store: EventStore = {
      ...world.store,
      append(stream, events, expected) {
        if (stream === stockStream('mug')) appends.push(events.length);
        return world.store.append(stream, events, expected);
      },
    };
    const answers = () =>
      Promise.all(
        ids.map(async (id) => (await world.types(fulfilmentStream(id))).find((type) => /Reservation(A|D)/.test(type))),
      );
    return { ...world, store, requests, appends, answers };
  }

  test('are decided on in turn and written at once, one event for each', async () => {
    const { store, requests, appends, stock, answers } = await makeQueue(20, 12);
    const handle = makeHandler(store);
    await Promise.all(requests.map((request) => handle(undefined, request)));
    expect(appends).toEqual([12]);
    expect(await stock()).toMatchObject({ onHand: 20, reserved: 20 });
    expect((await answers()).toSorted()).toEqual([
      ...Array.from({ length: 10 }, () => 'StockReservationAccepted'),
      ...Array.from({ length: 2 }, () => 'StockReservationDeclined'),
    ]);
  });

  test('each follow from their own request, and a repeat in other company writes nothing', async () => {
    const { store, requests, types } = await makeQueue(100, 6);
    const handle = makeHandler(store);
    await Promise.all(requests.map((request) => handle(undefined, request)));
    const written = (await Array.fromAsync(store.read(stockStream('mug')))).slice(1);
    expect(written.map(({ metadata }) => metadata.causationId)).toEqual(requests.map(({ id }) => id));
    const again = makeHandler(store);
    await Promise.all(requests.slice(2, 5).map((request) => again(undefined, request)));
    expect(await types(stockStream('mug'))).toHaveLength(7);
  });

  test('do not suffer from one of them whose own stream is beyond reading', async () => {
    const { store, requests, stock } = await makeQueue(100, 3);
    const broken: EventStore = {
      ...store,
      async *read(stream, options) {
        if (stream === requests[1]?.stream) throw new Fault('store/stream-deleted', 'gone');
        yield* store.read(stream, options);
      },
    };
    const handle = makeHandler(broken);
    const outcomes = await Promise.allSettled(requests.map((request) => handle(undefined, request)));
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(await stock()).toMatchObject({ reserved: 4 });
  });
});
