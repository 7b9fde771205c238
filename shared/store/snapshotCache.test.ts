import { describe, expect, test } from '@jest/globals';
import { type Stock, type StockEvent, stockStream } from '../domain/inventory/index.ts';
import { Fault } from '../kernel/fault.ts';
import { toEventId } from '../kernel/ids.ts';
import { silentLogger } from '../observe/logger.ts';
import { metadata, stoppedClock } from '../testing/builders.ts';
import { stockAggregate } from './aggregates.ts';
import type { EventStore } from './eventStore.ts';
import { handleCommand, loadState } from './handleCommand.ts';
import { createInMemoryEventStore } from './inMemoryEventStore.ts';
import { createInMemorySnapshots } from './inMemorySnapshots.ts';
import { createSnapshotCache } from './snapshotCache.ts';
import type { Snapshots } from './snapshots.ts';
import type { Loaded } from './stateCache.ts';

const stream = stockStream('mug');
const orderId = (n: number): string => `0b6f0a44-0f2c-5d7e-9f55-${String(n).padStart(12, '0')}`;

/** A receipt, reservations of which every second is dispatched, and a refusal every tenth. */
function makeHistory(length: number): readonly StockEvent[] {
  const receiptId = '5f2d1a9e-7b0c-5c3e-8a41-1d2e3f4a5b6c';
  return Array.from({ length }, (_, n): StockEvent => {
    const data = { sku: 'mug', orderId: orderId(n), quantity: 1 };
    if (n === 0) return { type: 'StockReceived', data: { sku: 'mug', receiptId, quantity: 1_000_000 } };
    if (n % 10 === 0) return { type: 'StockReservationRefused', data: { ...data, available: 0 } };
    if (n % 10 === 2) return { type: 'StockDispatched', data: { ...data, orderId: orderId(n - 1) } };
    return { type: 'StockReserved', data };
  });
}

async function makeWorld(length: number, snapshots: Snapshots = createInMemorySnapshots(), label = 'a') {
  const store = createInMemoryEventStore();
  const append = async (events: readonly StockEvent[], from: number): Promise<void> => {
    const stored = events.map((event, n) => ({
      ...event,
      id: toEventId(label, 'test', stream, from + n, event.type),
      metadata,
    }));
    await store.append(stream, stored, from === 0 ? 'no-stream' : BigInt(from - 1));
  };
  await append(makeHistory(length), 0);
  let eventsRead = 0;
  const counted: Pick<EventStore, 'read' | 'append'> = {
    ...store,
    async *read(...args) {
      for await (const event of store.read(...args)) {
        eventsRead += 1;
        yield event;
      }
    },
  };
  /** A container that has just started. */
  const newCache = (of = snapshots) =>
    createSnapshotCache({ store: counted, snapshots: of, logger: silentLogger }, 'stock', stockAggregate);
  return {
    store: counted,
    snapshots,
    newCache,
    truth: async () => loadState(store, stockAggregate, stream),
    eventsRead: () => eventsRead,
    /** Decides once, as a new container would; answers how many events it read. */
    async decide(cache = newCache()) {
      const before = eventsRead;
      await cache.warm(stream);
      const clock = stoppedClock;
      const command = { type: 'ReserveStock', sku: 'mug', orderId: orderId(999_999_999), quantity: 2_000_000 } as const;
      const cause = { id: 'cause', correlationId: 'correlation', actor: 'test' };
      await handleCommand({ store: counted, clock, cache }, stockAggregate, stream, command, cause);
      await cache.keep(stream);
      return eventsRead - before;
    },
  };
}

const comparable = ({ state, revision }: Loaded<Stock>) => {
  const { reservations, refusals, ...rest } = state;
  return { revision, ...rest, reservations: new Map(reservations.entries()), refusals: new Map(refusals.entries()) };
};

test('a state that comes from a snapshot is that of the whole stream', async () => {
  const world = await makeWorld(2_345);
  const first = world.newCache();
  await world.decide(first);
  const second = world.newCache();
  await second.warm(stream);
  const loaded = second.get(stream);
  expect(loaded && comparable(loaded)).toEqual(comparable(await world.truth()));
});

test('deciding on a long stream reads what came since the snapshot, not the stream', async () => {
  const world = await makeWorld(2_000);
  expect(await world.decide()).toBeGreaterThanOrEqual(2_000);
  expect(await world.decide()).toBeLessThanOrEqual(3);
});

test('it is kept about every fifty events, and not more often', async () => {
  const world = await makeWorld(250);
  let saved = 0;
  const counting: Snapshots = {
    ...world.snapshots,
    save: async (...args) => {
      saved += 1;
      await world.snapshots.save(...args);
    },
  };
  const cache = world.newCache(counting);
  for (let n = 0; n < 5; n += 1) await world.decide(cache);
  expect(saved).toBe(1);
});

describe('a snapshot is passed over', () => {
  const isWhole = async (world: Awaited<ReturnType<typeof makeWorld>>): Promise<void> => {
    const cache = world.newCache();
    await cache.warm(stream);
    expect(cache.get(stream)).toBeUndefined();
    expect(await world.decide()).toBeGreaterThanOrEqual(300);
  };

  test('when the stream is another than the one it was of', async () => {
    const before = await makeWorld(300, createInMemorySnapshots(), 'a');
    await before.decide();
    await isWhole(await makeWorld(400, before.snapshots, 'b'));
  });

  test('when the stream ends before it: the store was set back', async () => {
    const before = await makeWorld(600);
    await before.decide();
    await isWhole(await makeWorld(300, before.snapshots));
  });

  test('when it is of another version, or not as its version has it', async () => {
    for (const change of [{ version: 2 }, { state: { onHand: 'many' } }]) {
      const world = await makeWorld(300);
      await world.decide();
      const found = await world.snapshots.load(stream, 'stock');
      if (!found) throw new Error('nothing was kept');
      const changed: Snapshots = { ...world.snapshots, load: async () => ({ ...found, ...change }) };
      await isWhole({
        ...world,
        newCache: () => world.newCache(changed),
        decide: () => world.decide(world.newCache(changed)),
      });
    }
  });

  test('when the table is down: deciding goes on without', async () => {
    const fails = async (): Promise<never> => {
      throw new Fault('table/unavailable', 'down');
    };
    const world = await makeWorld(300, { load: fails, save: fails });
    await isWhole(world);
  });
});
