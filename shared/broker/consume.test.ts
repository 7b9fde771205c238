import { describe, expect, test } from '@jest/globals';
import { Fault } from '../kernel/fault.ts';
import { silentLogger } from '../observe/logger.ts';
import type { StoredEvent } from '../store/eventStore.ts';
import { createInMemoryEventStore } from '../store/inMemoryEventStore.ts';
import { newEvent } from '../testing/builders.ts';
import { toRmqEvent } from '../testing/lambdaEvents.ts';
import { createConsumer } from './consume.ts';
import type { Cursors } from './cursors.ts';
import { createInMemoryCursors } from './inMemoryCursors.ts';
import { parseBody } from './message.ts';
import type { OutgoingMessage } from './publisher.ts';

const stream = 'order-0b6f0a44-0f2c-5d7e-9f55-6b4f3f0a1c11';

type View = readonly string[];

/** A consumer over ports in memory whose handler adds each event's `n` to a list, or fails as `failures` says. */
function makeConsumer(options: { cursors?: Cursors<View> } = {}) {
  const store = createInMemoryEventStore();
  const cursors = options.cursors ?? createInMemoryCursors<View>();
  const published: OutgoingMessage[] = [];
  const handled: string[] = [];
  const failures = new Map<string, () => Error>();
  let now = new Date('2026-11-23T10:00:00.000Z');
  let outage: Error | undefined;
  const publisher = {
    publish: async (message: OutgoingMessage) => {
      if (outage) throw outage;
      published.push(message);
    },
  };
  const consume = createConsumer<View>(
    {
      consumer: 'test',
      store,
      cursors,
      publisher,
      clock: { now: () => now, elapsedMs: () => 0 },
      logger: silentLogger,
    },
    async (view = [], event) => {
      const { n } = event.data as { n: string };
      const failure = failures.get(n);
      if (failure) throw failure();
      handled.push(n);
      return [...view, n];
    },
  );
  return {
    store,
    cursors,
    published,
    handled,
    failures,
    consume,
    row: async (of = stream) => (await cursors.load([of])).get(of),
    wait: (ms: number) => {
      now = new Date(now.getTime() + ms);
    },
    breakBroker: (error: Error | undefined) => {
      outage = error;
    },
    /** Appends events named `n` to the stream and answers them as stored. */
    async append(names: readonly string[], to = stream): Promise<readonly StoredEvent[]> {
      const before = await Array.fromAsync(store.read(to));
      const events = names.map((n) => newEvent(to, { n }));
      await store.append(to, events, before.at(-1)?.revision ?? 'no-stream');
      return Array.fromAsync(store.read(to, { from: BigInt(before.length) }));
    },
  };
}

const messages = (...events: readonly (StoredEvent | undefined)[]) =>
  toRmqEvent(
    ...events.flatMap((event) =>
      event ? [{ message: { stream: event.stream, revision: event.revision, event } }] : [],
    ),
  );
const hint = (revision: bigint, attempt?: number) =>
  toRmqEvent({ message: { stream, revision, ...(attempt === undefined ? {} : { attempt }) } });
const silence = () => new Fault('payments/unavailable', 'no answer');

describe('in order, once', () => {
  test('handles what the messages carry, without reading the store', async () => {
    const { consume, append, handled, row, store } = makeConsumer();
    const [a, b] = await append(['a', 'b']);
    store.read = () => {
      throw new Error('read');
    };
    await consume(messages(a, b));
    expect(handled).toEqual(['a', 'b']);
    expect(await row()).toMatchObject({ revision: 1n, view: ['a', 'b'], status: 'ready' });
  });

  test('a repeat changes nothing', async () => {
    const { consume, append, handled } = makeConsumer();
    const [a, b] = await append(['a', 'b']);
    await consume(messages(a, a, b));
    await consume(messages(b, a));
    expect(handled).toEqual(['a', 'b']);
  });

  test('what was lost or overtaken is read from the store, and then only skipped', async () => {
    const { consume, append, handled, row } = makeConsumer();
    const [a, b, c] = await append(['a', 'b', 'c']);
    await consume(messages(c));
    await consume(messages(a, b));
    expect(handled).toEqual(['a', 'b', 'c']);
    expect(await row()).toMatchObject({ revision: 2n });
  });

  test('messages of one batch in the wrong order are handled in the right one', async () => {
    const { consume, append, handled } = makeConsumer();
    const [a, b, c] = await append(['a', 'b', 'c']);
    await consume(messages(c, a, b));
    expect(handled).toEqual(['a', 'b', 'c']);
  });

  test('a hint without an event is enough', async () => {
    const { consume, append, handled } = makeConsumer();
    await append(['a', 'b']);
    await consume(hint(1n));
    expect(handled).toEqual(['a', 'b']);
  });

  test('streams of one batch do not wait for each other', async () => {
    const { consume, append, handled, failures, row } = makeConsumer();
    const [a] = await append(['a'], 'order-1');
    const [b] = await append(['b'], 'order-2');
    failures.set('a', silence);
    await consume(messages(a, b));
    expect(handled).toEqual(['b']);
    expect(await row('order-1')).toMatchObject({ status: 'waiting' });
    expect(await row('order-2')).toMatchObject({ revision: 0n });
  });
});

describe('a failure that may pass', () => {
  test('is tried again later: what came before it stays done, the hint goes to the retry queue', async () => {
    const { consume, append, failures, row, published } = makeConsumer();
    const [a, b, c] = await append(['a', 'b', 'c']);
    failures.set('b', silence);
    await consume(messages(a, b, c));
    expect(await row()).toMatchObject({
      revision: 0n,
      head: 2n,
      status: 'waiting',
      attempts: 1,
      view: ['a'],
      dueAt: '2026-11-23T10:00:01.000Z',
      failure: { code: 'payments/unavailable', message: 'no answer' },
    });
    expect(published).toHaveLength(1);
    expect(published[0]).toMatchObject({ exchange: 'retries', routingKey: 'test.1000.09' });
    expect(parseBody(published[0]?.body ?? Buffer.of())).toEqual({ stream, revision: 2n, attempt: 1 });
  });

  test('news that comes before the retry is set aside, and handled with it in order', async () => {
    const { consume, append, failures, handled, row } = makeConsumer();
    const [a] = await append(['a']);
    failures.set('a', silence);
    await consume(messages(a));
    const [b] = await append(['b']);
    await consume(messages(b));
    expect(await row()).toMatchObject({ status: 'waiting', head: 1n });
    failures.clear();
    await consume(hint(0n, 1));
    expect(handled).toEqual(['a', 'b']);
    expect(await row()).toMatchObject({ revision: 1n, status: 'ready', attempts: 0 });
  });

  test('the hint counts, not the clock of whoever reads it', async () => {
    const { consume, append, failures, handled, wait } = makeConsumer();
    const [a] = await append(['a']);
    failures.set('a', silence);
    await consume(messages(a));
    failures.clear();
    wait(-60_000);
    await consume(hint(0n, 1));
    expect(handled).toEqual(['a']);
  });

  test('when the hint was lost, the next message after its time does the same', async () => {
    const { consume, append, failures, handled, wait } = makeConsumer();
    const [a] = await append(['a']);
    failures.set('a', silence);
    await consume(messages(a));
    failures.clear();
    wait(1_000);
    await consume(messages(a));
    expect(handled).toEqual(['a']);
  });

  test('waits longer each time, and is blocked and dead-lettered after the last', async () => {
    const { consume, append, failures, row, published } = makeConsumer();
    const [a] = await append(['a']);
    failures.set('a', silence);
    await consume(messages(a));
    for (const attempt of [1, 2, 3, 4, 5]) await consume(hint(0n, attempt));
    expect(published.map(({ routingKey }) => routingKey)).toEqual([
      'test.1000.09',
      'test.5000.09',
      'test.30000.09',
      'test.300000.09',
      'test.1800000.09',
      'test-dlq',
    ]);
    expect(await row()).toMatchObject({ status: 'blocked', attempts: 6, revision: -1n });
    expect(published.at(-1)?.headers).toMatchObject({ reason: 'blocked', code: 'payments/unavailable', attempts: 6 });
    expect(parseBody(published.at(-1)?.body ?? Buffer.of())).toMatchObject({
      stream,
      revision: 0n,
      event: { id: a?.id },
    });
  });

  test('a late hint of an earlier attempt does not start another', async () => {
    const { consume, append, failures, row } = makeConsumer();
    const [a] = await append(['a']);
    failures.set('a', silence);
    await consume(messages(a));
    await consume(hint(0n, 1));
    await consume(hint(0n, 1));
    expect(await row()).toMatchObject({ attempts: 2 });
  });

  test('another event that fails is counted from one', async () => {
    const { consume, append, failures, row } = makeConsumer();
    const [a] = await append(['a', 'b']);
    failures.set('a', silence);
    await consume(messages(a));
    await consume(hint(0n, 1));
    failures.delete('a');
    failures.set('b', silence);
    await consume(hint(1n, 2));
    expect(await row()).toMatchObject({ revision: 0n, attempts: 1, status: 'waiting' });
  });
});

describe('a failure that will not pass', () => {
  test.each([
    ['a fault', () => new Fault('payments/refused', 'bad request'), 'payments/refused'],
    ['a defect', () => new TypeError('undefined is not a function'), 'defect'],
  ])('%s blocks the stream at once', async (_, failure, code) => {
    const { consume, append, failures, row, published } = makeConsumer();
    const [a] = await append(['a']);
    failures.set('a', failure);
    await consume(messages(a));
    expect(await row()).toMatchObject({ status: 'blocked', attempts: 1, failure: { code } });
    expect(published.map(({ routingKey }) => routingKey)).toEqual(['test-dlq']);
  });

  test('nothing of a blocked stream is handled, and what comes is remembered', async () => {
    const { consume, append, failures, handled, row, published } = makeConsumer();
    const [a] = await append(['a']);
    failures.set('a', () => new Error('never'));
    await consume(messages(a));
    failures.clear();
    const [b] = await append(['b']);
    await consume(messages(a, b));
    await consume(hint(1n, 9));
    expect(handled).toEqual([]);
    expect(await row()).toMatchObject({ status: 'blocked', head: 1n });
    expect(published).toHaveLength(1);
  });
});

describe('what can not be read', () => {
  test.each([
    ['not JSON', 'hello', /not JSON/],
    ['another shape', '{"revision":"-1"}', /stream.*revision/s],
    ['no place of its own', '{"stream":"order-1","revision":"99999999999999999999"}', /revision/],
    [
      'an event without origin',
      '{"stream":"order-1","revision":"0","event":{"id":"0b6f0a44-0f2c-5d7e-9f55-6b4f3f0a1c11","type":"X","data":{},"metadata":{}}}',
      /correlationId/,
    ],
  ])('%s goes to the dead letters as it came; its neighbours are handled', async (_, body, error) => {
    const { consume, append, handled, published } = makeConsumer();
    const [a] = await append(['a']);
    await consume(toRmqEvent({ body }, { message: { stream, revision: 0n, ...(a && { event: a }) } }));
    expect(handled).toEqual(['a']);
    expect(published).toHaveLength(1);
    expect(published[0]).toMatchObject({ exchange: '', routingKey: 'test-dlq', headers: { reason: 'malformed' } });
    expect(published[0]?.headers['error']).toMatch(error);
    expect(Buffer.from(published[0]?.body ?? []).toString()).toBe(body);
  });

  test('a revision that the stream does not have is dead-lettered, and what is there handled', async () => {
    const { consume, append, handled, published, row } = makeConsumer();
    await append(['a']);
    await consume(hint(7n));
    expect(handled).toEqual(['a']);
    expect(await row()).toMatchObject({ revision: 0n });
    expect(published.map(({ routingKey }) => routingKey)).toEqual(['test-dlq']);
  });

  test('such a revision does not wedge a stream that waits', async () => {
    const { consume, append, failures, handled, row } = makeConsumer();
    const [a] = await append(['a']);
    failures.set('a', silence);
    await consume(messages(a));
    await consume(hint(99n));
    failures.clear();
    await consume(hint(0n, 1));
    expect(handled).toEqual(['a']);
    expect(await row()).toMatchObject({ revision: 0n, status: 'ready' });
  });

  test('an event from another source is refused whole', async () => {
    await expect(makeConsumer().consume({ Records: [] })).rejects.toThrow('not an aws:rmq event');
  });
});

describe('an outage hands the batch back', () => {
  test('of the store: nothing is counted against the stream', async () => {
    const { consume, append, failures, row, published, handled } = makeConsumer();
    const [a] = await append(['a']);
    failures.set('a', () => new Fault('store/unavailable', 'down'));
    await expect(consume(messages(a))).rejects.toThrow('down');
    expect([await row(), published]).toEqual([undefined, []]);
    failures.clear();
    await consume(messages(a));
    expect(handled).toEqual(['a']);
  });

  test('of the broker: a failure that can not be announced is not written either', async () => {
    const { consume, append, failures, row, breakBroker } = makeConsumer();
    const [a] = await append(['a']);
    failures.set('a', silence);
    breakBroker(new Fault('broker/unavailable', 'no broker'));
    await expect(consume(messages(a))).rejects.toThrow('no broker');
    expect(await row()).toBeUndefined();
  });

  test('of the table: the other streams of the batch are done all the same', async () => {
    const cursors = createInMemoryCursors<View>();
    const advance = cursors.advance;
    cursors.advance = async (of, run) => {
      if (of === 'order-1') throw new Fault('table/unavailable', 'no table');
      return advance(of, run);
    };
    const { consume, append, row } = makeConsumer({ cursors });
    const [a] = await append(['a'], 'order-1');
    const [b] = await append(['b'], 'order-2');
    await expect(consume(messages(a, b))).rejects.toThrow('no table');
    expect(await row('order-2')).toMatchObject({ revision: 0n });
  });
});

test('a long run that is cut off goes on where it was', async () => {
  const { consume, append, failures, handled, row } = makeConsumer();
  await append(Array.from({ length: 250 }, (_, n) => `e${n}`));
  failures.set('e220', () => new Fault('store/unavailable', 'cut off'));
  await expect(consume(hint(249n))).rejects.toThrow('cut off');
  expect(await row()).toMatchObject({ revision: 199n });
  failures.clear();
  await consume(hint(249n));
  expect(handled).toHaveLength(220 + 50);
  expect(await row()).toMatchObject({ revision: 249n });
});

describe('two at a time, as while a consumer is resized', () => {
  test('both may work on one event; the row moves once and nothing is skipped', async () => {
    const { consume, append, row } = makeConsumer();
    const [a, b] = await append(['a', 'b']);
    await Promise.all([consume(messages(a)), consume(messages(a, b))]);
    expect(await row()).toMatchObject({ revision: 1n, view: ['a', 'b'] });
  });

  test('a hint set aside while a retry runs is handled before the run ends', async () => {
    const { consume, append, failures, handled, row, store, cursors } = makeConsumer();
    const [a] = await append(['a']);
    failures.set('a', silence);
    await consume(messages(a));
    failures.clear();
    const read = store.read;
    let isFirst = true;
    // The other run's message arrives after this run has read the stream to its end.
    store.read = async function* (...args) {
      yield* read.apply(store, args);
      if (!isFirst) return;
      isFirst = false;
      await append(['b']);
      await cursors.setAside(stream, 1n);
    };
    await consume(hint(0n, 1));
    expect(handled.at(-1)).toBe('b');
    expect(await row()).toMatchObject({ revision: 1n, view: ['a', 'b'], status: 'ready' });
  });
});
