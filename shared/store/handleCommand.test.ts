import { describe, expect, test } from '@jest/globals';
import { type Order, orderDecider, orderStream } from '../domain/orders/index.ts';
import { systemClock } from '../kernel/clock.ts';
import { stoppedClock as clock, newEvent } from '../testing/builders.ts';
import { createOrder as create, orderId } from '../testing/orders.ts';
import { orderAggregate, receiptAggregate } from './aggregates.ts';
import type { EventStore } from './eventStore.ts';
import { decideAndAppend, handleCommand, loadState } from './handleCommand.ts';
import { createInMemoryEventStore } from './inMemoryEventStore.ts';
import { createStateCache } from './stateCache.ts';

const orders = orderAggregate;
const stream = orderStream(orderId);
const cause = { id: 'command-1', correlationId: 'correlation-1', actor: 'placeOrder' };

test('writes what was decided, with where it comes from', async () => {
  const store = createInMemoryEventStore();
  const result = await handleCommand({ store, clock }, orders, stream, create, cause);
  expect(result).toMatchObject({ outcome: 'accepted', revision: 0n, state: { status: 'created' } });
  const [stored] = await Array.fromAsync(store.read(stream));
  expect(stored).toMatchObject({
    type: 'OrderCreated',
    metadata: {
      correlationId: 'correlation-1',
      causationId: 'command-1',
      schemaVersion: 2,
      occurredAt: '2026-11-23T10:00:00.000Z',
      actor: 'placeOrder',
    },
  });
});

test('the same command again writes nothing and answers the same revision', async () => {
  const store = createInMemoryEventStore();
  await handleCommand({ store, clock }, orders, stream, create, cause);
  const again = await handleCommand({ store, clock }, orders, stream, create, cause);
  expect(again).toMatchObject({ outcome: 'accepted', events: [], revision: 0n });
});

test('hands back a rejection and writes nothing', async () => {
  const store = createInMemoryEventStore();
  const result = await handleCommand({ store, clock }, orders, stream, { type: 'CancelOrder' }, cause);
  expect(result).toEqual({ outcome: 'rejected', rejection: { code: 'order/not-found' } });
  expect(await Array.fromAsync(store.read(stream))).toEqual([]);
});

/** Lets another writer in before each of the first `times` appends. */
function withRival(store: EventStore, times: number, rival: () => Promise<unknown>): EventStore {
  let left = times;
  return {
    ...store,
    async append(...args) {
      if (left > 0) {
        left -= 1;
        await rival();
      }
      return store.append(...args);
    },
  };
}

test('a lost race is decided again on what the winner left', async () => {
  const store = createInMemoryEventStore();
  await handleCommand({ store, clock }, orders, stream, create, cause);
  const rival = () =>
    handleCommand({ store, clock }, orders, stream, { type: 'CancelOrder' }, { ...cause, id: 'command-2' });
  const raced = withRival(store, 1, rival);
  const result = await handleCommand(
    { store: raced, clock },
    orders,
    stream,
    { type: 'ConfirmOrder' },
    {
      ...cause,
      id: 'command-3',
    },
  );
  expect(result).toMatchObject({ outcome: 'accepted', events: [], state: { status: 'cancelled' } });
  const { state, revision } = await loadState(store, orders, stream);
  expect([state.status, revision]).toEqual(['cancelled', 1n]);
});

test('gives up with a retryable fault when every race is lost', async () => {
  const store = createInMemoryEventStore();
  const contended: EventStore = { ...store, append: async () => ({ outcome: 'conflict' }) };
  await expect(handleCommand({ store: contended, clock }, orders, stream, create, cause)).rejects.toMatchObject({
    code: 'store/contended',
    retryable: true,
  });
});

test('after each lost race it waits longer, up to a quarter of a second, and not at all when it gives up', async () => {
  const contended: EventStore = { ...createInMemoryEventStore(), append: async () => ({ outcome: 'conflict' }) };
  const pauses: number[] = [];
  const counting = { ...clock, sleep: async (ms: number) => void pauses.push(ms) };
  await handleCommand({ store: contended, clock: counting }, orders, stream, create, cause).catch(() => undefined);
  const longest = [4, 8, 16, 32, 64, 128, ...Array.from({ length: 13 }, () => 250)];
  expect(pauses).toHaveLength(longest.length);
  for (const [index, ms] of longest.entries()) {
    expect(pauses[index]).toBeGreaterThanOrEqual(ms / 2);
    expect(pauses[index]).toBeLessThanOrEqual(ms);
  }
});

test('fifty processes that write to one stream at once all get their turn', async () => {
  const store = createInMemoryEventStore();
  const receive = (n: number) => {
    const receiptId = `5f2d1a9e-7b0c-5c3e-8a41-${String(n).padStart(12, '0')}`;
    const command = { type: 'ReceiveStock', sku: 'mug', receiptId, quantity: 1 } as const;
    return handleCommand({ store, clock: systemClock }, receiptAggregate, 'stock-mug', command, {
      ...cause,
      id: receiptId,
    });
  };
  await Promise.all(Array.from({ length: 50 }, (_, n) => receive(n)));
  expect(await Array.fromAsync(store.read('stock-mug'))).toHaveLength(50);
});

test('a decision that depends on another stream is made anew at each attempt', async () => {
  const store = createInMemoryEventStore();
  const rival = () => handleCommand({ store, clock }, orders, stream, create, cause);
  const seen: bigint[] = [];
  const result = await decideAndAppend(
    { store: withRival(store, 1, rival), clock },
    orders,
    stream,
    async ({ state, revision }) => {
      seen.push(revision);
      return orderDecider.decide(create, state);
    },
    { ...cause, id: 'command-2' },
  );
  expect(result).toMatchObject({ outcome: 'accepted', events: [], revision: 0n });
  expect(seen).toEqual([-1n, 0n]);
});

describe('of a node that is behind', () => {
  const at = (revision: bigint) => ({ ...cause, id: 'event-1', place: { stream, revision } });
  /** What the first `reads` reads of any stream see: nothing. */
  const behind = (store: EventStore, reads: number): EventStore => {
    let left = reads;
    return {
      ...store,
      async *read(...args) {
        left -= 1;
        if (left < 0) yield* store.read(...args);
      },
    };
  };
  const makeOrder = async () => {
    const store = createInMemoryEventStore();
    await handleCommand({ store, clock }, orders, stream, create, cause);
    return store;
  };

  test('a read of the stream that is acted on has the event, or is no answer', async () => {
    const store = await makeOrder();
    const confirm = (reads: number, place: bigint) =>
      handleCommand({ store: behind(store, reads), clock }, orders, stream, { type: 'ConfirmOrder' }, at(place));
    await expect(confirm(1, 0n)).rejects.toMatchObject({ code: 'store/behind', retryable: true, isOutage: false });
    await expect(confirm(0, 1n)).rejects.toMatchObject({ code: 'store/behind' });
    expect(await confirm(0, 0n)).toMatchObject({ outcome: 'accepted', revision: 1n });
  });

  test.each([
    ['refused', { type: 'CancelOrder' }, { outcome: 'accepted', revision: 1n }],
    ['left alone', { type: 'ReleaseOrder' }, { outcome: 'accepted', events: [], revision: 0n }],
  ] as const)('what would be %s for an event of another stream is decided once more', async (_, command, expected) => {
    const store = await makeOrder();
    await store.append('fulfilment-1', [{ ...newEvent('fulfilment-1', {}) }], 'no-stream');
    const acting = { ...cause, id: 'event-1', place: { stream: 'fulfilment-1', revision: 0n } };
    const act = (reads: number) =>
      handleCommand({ store: behind(store, reads), clock }, orders, stream, command, acting);
    // Neither has the first read the order, nor the second the event.
    await expect(act(2)).rejects.toMatchObject({ code: 'store/behind' });
    expect(await act(1)).toMatchObject(expected);
  });

  test('a command from outside follows from nothing in the store, and is decided once', async () => {
    let decisions = 0;
    const decide = async () => {
      decisions += 1;
      return { outcome: 'accepted', events: [] } as const;
    };
    await decideAndAppend({ store: createInMemoryEventStore(), clock }, orders, stream, decide, cause);
    expect(decisions).toBe(1);
  });
});

describe('with a cache', () => {
  const countReads = (store: EventStore) => {
    const from: bigint[] = [];
    const counting: EventStore = {
      ...store,
      read(of, options) {
        from.push(options?.from ?? 0n);
        return store.read(of, options);
      },
    };
    return { store: counting, from };
  };

  test('reads only what is new, and decides on all of it', async () => {
    const inner = createInMemoryEventStore();
    const { store, from } = countReads(inner);
    const cache = createStateCache<Order>();
    await handleCommand({ store, clock, cache }, orders, stream, create, cause);
    await handleCommand(
      { store: inner, clock },
      orders,
      stream,
      { type: 'ConfirmOrder' },
      { ...cause, id: 'command-2' },
    );
    const last = { ...cause, id: 'command-3' };
    const result = await handleCommand({ store, clock, cache }, orders, stream, { type: 'ReleaseOrder' }, last);
    expect(result).toMatchObject({ outcome: 'accepted', revision: 2n, state: { status: 'released' } });
    expect(from).toEqual([0n, 1n]);
  });

  test('what is remembered of a store that was set back is given up', async () => {
    const cache = createStateCache<Order>();
    cache.set(stream, { state: { status: 'none' }, revision: 41n });
    const result = await handleCommand(
      { store: createInMemoryEventStore(), clock, cache },
      orders,
      stream,
      create,
      cause,
    );
    expect(result).toMatchObject({ outcome: 'accepted', revision: 0n });
  });

  test('the streams used longest ago are forgotten', () => {
    const cache = createStateCache<number>(2);
    for (const name of ['a', 'b', 'a', 'c']) cache.set(name, { state: 0, revision: 0n });
    expect(['a', 'b', 'c'].filter((name) => cache.get(name))).toEqual(['a', 'c']);
  });
});
