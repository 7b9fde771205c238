import { randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import type { EventId } from '../kernel/ids.ts';
import { flatten } from '../testing/flatten.ts';
import type { AllItem, EventStore, NewEvent, Position, StoredEvent } from './eventStore.ts';

const newEvent = (data: object = {}, id: string = randomUUID()): NewEvent => ({
  id: id as EventId,
  type: 'ThingHappened',
  data,
  metadata: {
    correlationId: 'correlation-1',
    causationId: 'cause-1',
    schemaVersion: 2,
    occurredAt: '2026-11-23T10:00:00.123Z',
    actor: 'contract',
  },
});

const collect = async (items: AsyncIterable<StoredEvent>): Promise<StoredEvent[]> => Array.fromAsync(items);

/** What every event store promises. Streams and categories are new for each test, so that a store in use can be tested. */
export function describeEventStore(name: string, makeStore: () => EventStore): void {
  describe(`event store: ${name}`, () => {
    const newCategory = (): string => `thing${randomUUID().replaceAll('-', '')}`;
    const newStream = (): string => `${newCategory()}-1`;

    test('reads back what was appended, in order, to the last field', async () => {
      const store = makeStore();
      const stream = newStream();
      const first = newEvent({ text: 'grüße €', nested: { list: [1, 2, 3] }, none: null });
      const second = { ...newEvent(), metadata: { ...first.metadata, traceparent: '00-aa-bb-01' } };
      expect(await store.append(stream, [first, second], 'no-stream')).toEqual({ outcome: 'appended', revision: 1n });
      const position = expect.any(BigInt);
      expect(await collect(store.read(stream))).toEqual([
        { ...first, stream, revision: 0n, position },
        { ...second, stream, revision: 1n, position },
      ]);
    });

    test('reads from a revision on, and nothing of what does not exist', async () => {
      const store = makeStore();
      const stream = newStream();
      expect(await collect(store.read(stream))).toEqual([]);
      await store.append(stream, [newEvent(), newEvent(), newEvent()], 'no-stream');
      expect((await collect(store.read(stream, { from: 1n }))).map(({ revision }) => revision)).toEqual([1n, 2n]);
      expect(await collect(store.read(stream, { from: 3n }))).toEqual([]);
    });

    test('a read may be left early', async () => {
      const store = makeStore();
      const stream = newStream();
      await store.append(
        stream,
        Array.from({ length: 200 }, (_, n) => newEvent({ n })),
        'no-stream',
      );
      for await (const { data } of store.read(stream)) {
        expect(data).toEqual({ n: 0 });
        break;
      }
      expect(await collect(store.read(stream))).toHaveLength(200);
    });

    test('an append that expects what is not so writes nothing', async () => {
      const store = makeStore();
      const stream = newStream();
      expect(await store.append(stream, [newEvent()], 0n)).toEqual({ outcome: 'conflict' });
      await store.append(stream, [newEvent()], 'no-stream');
      expect(await store.append(stream, [newEvent()], 'no-stream')).toEqual({ outcome: 'conflict' });
      expect(await store.append(stream, [newEvent(), newEvent()], 1n)).toEqual({ outcome: 'conflict' });
      expect(await collect(store.read(stream))).toHaveLength(1);
    });

    test('of many writers at one revision exactly one wins', async () => {
      const store = makeStore();
      const stream = newStream();
      const results = await Promise.all(
        Array.from({ length: 10 }, () => store.append(stream, [newEvent(), newEvent()], 'no-stream')),
      );
      expect(results.filter(({ outcome }) => outcome === 'appended')).toHaveLength(1);
      expect(await collect(store.read(stream))).toHaveLength(2);
    });

    test('the same append again answers as the first time, also when others wrote since', async () => {
      const store = makeStore();
      const stream = newStream();
      const events = [newEvent(), newEvent()];
      const answer = { outcome: 'appended', revision: 1n };
      expect(await store.append(stream, events, 'no-stream')).toEqual(answer);
      expect(await store.append(stream, events, 'no-stream')).toEqual(answer);
      await store.append(stream, [newEvent()], 1n);
      expect(await store.append(stream, events, 'no-stream')).toEqual(answer);
      expect(await collect(store.read(stream))).toHaveLength(3);
    });

    test('a repeat that carries one more event is a conflict', async () => {
      const store = makeStore();
      const stream = newStream();
      const first = newEvent();
      await store.append(stream, [first], 'no-stream');
      expect(await store.append(stream, [first, newEvent()], 'no-stream')).toEqual({ outcome: 'conflict' });
      expect(await collect(store.read(stream))).toHaveLength(1);
    });

    describe('readAll', () => {
      /** Reads until `isEnough` says so; the last item is among those returned. */
      async function readUntil(
        store: EventStore,
        categories: readonly string[],
        isEnough: (items: readonly AllItem[]) => boolean,
        options: { after?: Position; whenCaughtUp?: () => Promise<unknown> } = {},
      ): Promise<AllItem[]> {
        const stop = new AbortController();
        const { after, whenCaughtUp } = options;
        const items: AllItem[] = [];
        const source = { categories, signal: stop.signal, ...(after ? { after } : {}) };
        for await (const item of flatten(store.readAll(source))) {
          items.push(item);
          if (item.kind === 'caught-up') await whenCaughtUp?.();
          if (isEnough(items)) break;
        }
        stop.abort();
        return items;
      }
      const eventsIn = (items: readonly AllItem[]) => items.filter((item) => item.kind === 'event');

      test('tells history in store order, then that it is caught up, then what is new', async () => {
        const store = makeStore();
        const [mine, other] = [newCategory(), newCategory()];
        await store.append(`${mine}-a`, [newEvent({ n: 1 }), newEvent({ n: 2 })], 'no-stream');
        await store.append(`${other}-a`, [newEvent({ n: 99 })], 'no-stream');
        await store.append(`${mine}-b`, [newEvent({ n: 3 })], 'no-stream');
        const items = await readUntil(store, [mine], (all) => eventsIn(all).length === 4, {
          whenCaughtUp: () => store.append(`${mine}-a`, [newEvent({ n: 4 })], 1n),
        });
        const told = items.filter(({ kind }) => kind !== 'checkpoint');
        expect(told.map((item) => (item.kind === 'event' ? item.event.data : item.kind))).toEqual([
          { n: 1 },
          { n: 2 },
          { n: 3 },
          'caught-up',
          { n: 4 },
        ]);
        const positions = eventsIn(items).map(({ position }) => position.commit);
        expect(positions).toEqual([...positions].sort((a, b) => (a < b ? -1 : 1)));
        expect(new Set(positions).size).toBe(4);
      });

      test('tells each event whole', async () => {
        const store = makeStore();
        const category = newCategory();
        const event = newEvent({ n: 1 });
        await store.append(`${category}-a`, [event], 'no-stream');
        const [told] = eventsIn(await readUntil(store, [category], (all) => eventsIn(all).length === 1));
        expect(told?.event).toEqual({ ...event, stream: `${category}-a`, revision: 0n });
      });

      test('tells of an event the place that a read of its stream tells of it', async () => {
        const store = makeStore();
        const category = newCategory();
        await store.append(`${category}-a`, [newEvent(), newEvent()], 'no-stream');
        const told = eventsIn(await readUntil(store, [category], (all) => eventsIn(all).length === 2));
        const read = await collect(store.read(`${category}-a`));
        expect(read.map(({ position }) => position)).toEqual(told.map(({ position }) => position.commit));
      });

      test('goes on after any position it told', async () => {
        const store = makeStore();
        const category = newCategory();
        for (let n = 0; n < 5; n += 1) await store.append(`${category}-${n}`, [newEvent({ n })], 'no-stream');
        const all = eventsIn(await readUntil(store, [category], (items) => eventsIn(items).length === 5));
        const after = all[1]?.position as Position;
        const rest = await readUntil(store, [category], (items) => items.at(-1)?.kind === 'caught-up', { after });
        expect(eventsIn(rest).map(({ event }) => event.data)).toEqual([{ n: 2 }, { n: 3 }, { n: 4 }]);
      });

      test('a category is the whole name before the dash', async () => {
        const store = makeStore();
        const category = newCategory();
        await store.append(`${category}x-1`, [newEvent({ n: 0 })], 'no-stream');
        await store.append(`${category}-1-2`, [newEvent({ n: 1 })], 'no-stream');
        const items = await readUntil(store, [category], (all) => all.at(-1)?.kind === 'caught-up');
        expect(eventsIn(items).map(({ event }) => event.data)).toEqual([{ n: 1 }]);
      });

      test('says how far it has looked when nothing matches', async () => {
        const store = makeStore();
        const [mine, other] = [newCategory(), newCategory()];
        await store.append(`${mine}-a`, [newEvent()], 'no-stream');
        for (let n = 0; n < 6; n += 1) {
          const events = Array.from({ length: 100 }, () => newEvent());
          await store.append(`${other}-${n}`, events, 'no-stream');
        }
        const isCheckpointPastEvent = (items: readonly AllItem[]): boolean =>
          eventsIn(items).length === 1 && items.at(-1)?.kind === 'checkpoint';
        const items = await readUntil(store, [mine], isCheckpointPastEvent);
        const [event] = eventsIn(items);
        const checkpoint = items.at(-1);
        if (!event || checkpoint?.kind !== 'checkpoint') throw new Error('no event or no checkpoint');
        expect(checkpoint.position.commit).toBeGreaterThanOrEqual(event.position.commit);
      });

      test('ends quietly when it is told to, also while it waits', async () => {
        const store = makeStore();
        const stop = new AbortController();
        const category = newCategory();
        const items: AllItem[] = [];
        for await (const item of flatten(store.readAll({ categories: [category], signal: stop.signal }))) {
          items.push(item);
          if (item.kind === 'caught-up') setImmediate(() => stop.abort());
        }
        expect(items.at(-1)?.kind).toBe('caught-up');
      });
    });

    describe('readHead', () => {
      test('is where the newest event of the categories stands, whatever else came after it', async () => {
        const store = makeStore();
        const [mine, other] = [newCategory(), newCategory()];
        await store.append(`${mine}-a`, [newEvent(), newEvent()], 'no-stream');
        await store.append(`${other}-a`, [newEvent()], 'no-stream');
        const head = await store.readHead([mine]);
        const stop = new AbortController();
        const positions: (Position | undefined)[] = [];
        for await (const item of flatten(store.readAll({ categories: [mine], signal: stop.signal }))) {
          if (item.kind === 'event') positions.push(item.position);
          if (item.kind === 'caught-up') stop.abort();
        }
        expect(head).toEqual(positions[1]);
        expect((await store.readHead([mine, other]))?.commit).toBeGreaterThan(head?.commit ?? 0n);
      });

      test('is undefined where none of the last records is one', async () => {
        const store = makeStore();
        const [mine, other] = [newCategory(), newCategory()];
        await store.append(`${mine}-a`, [newEvent()], 'no-stream');
        await store.append(
          `${other}-a`,
          Array.from({ length: 300 }, () => newEvent()),
          'no-stream',
        );
        expect(await store.readHead([mine])).toBeUndefined();
        expect(await store.readHead([newCategory()])).toBeUndefined();
      });
    });
  });
}
