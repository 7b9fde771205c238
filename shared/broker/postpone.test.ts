import { expect, test } from '@jest/globals';
import { Fault } from '../kernel/fault.ts';
import { silentLogger } from '../observe/logger.ts';
import { silentMetrics } from '../observe/metrics.ts';
import type { StoredEvent } from '../store/eventStore.ts';
import { createInMemoryEventStore } from '../store/inMemoryEventStore.ts';
import { newEvent } from '../testing/builders.ts';
import { toRmqEvent } from '../testing/lambdaEvents.ts';
import { createConsumer } from './consume.ts';
import { Postponed } from './consumer.ts';
import { createInMemoryCursors } from './inMemoryCursors.ts';
import { parseBody } from './message.ts';
import type { OutgoingMessage } from './publisher.ts';
import { longestDelayMs } from './retryDelays.ts';

const stream = 'fulfilment-0b6f0a44-0f2c-5d7e-9f55-6b4f3f0a1c11';
const startMs = Date.parse('2026-11-23T10:00:00.000Z');

/** A consumer for which the event `b` is too early until `dueMs` after the start. */
async function makeConsumer(dueMs: number) {
  const store = createInMemoryEventStore();
  const cursors = createInMemoryCursors<never>();
  const published: OutgoingMessage[] = [];
  const handled: string[] = [];
  let nowMs = startMs;
  let failure: Error | undefined;
  const deps = {
    consumer: 'test',
    store,
    cursors,
    publisher: { publish: async (message: OutgoingMessage) => void published.push(message) },
    clock: { now: () => new Date(nowMs), elapsedMs: () => 0, sleep: () => new Promise<never>(() => undefined) },
    logger: silentLogger,
    metrics: silentMetrics,
    instance: 'instance-1',
    random: () => 0.5,
  };
  const consume = createConsumer<never>(deps, async (_, event) => {
    const { n } = event.data as { n: string };
    if (n === 'b' && failure) throw failure;
    if (n === 'b' && nowMs < startMs + dueMs) return new Postponed(new Date(startMs + dueMs));
    handled.push(n);
    return undefined;
  });
  await store.append(stream, [newEvent(stream, { n: 'a' }), newEvent(stream, { n: 'b' })], 'no-stream');
  return {
    published,
    handled,
    row: async () => (await cursors.load([stream])).get(stream),
    at: (ms: number) => {
      nowMs = startMs + ms;
    },
    fail: (error: Error | undefined) => {
      failure = error;
    },
    /** A message about each event that is stored from revision `from` on. */
    async hear(from = 0n) {
      const events: StoredEvent[] = await Array.fromAsync(store.read(stream, { from }));
      await consume(toRmqEvent(...events.map((event) => ({ message: { stream, revision: event.revision, event } }))));
    },
    /** A hint comes back: the one that was published last, unless another is given. */
    async hearHint(hint = published.at(-1)) {
      if (hint) await consume(toRmqEvent({ message: parseBody(hint.body) }));
    },
    append: (n: string, revision: bigint) => store.append(stream, [newEvent(stream, { n })], revision),
  };
}

test('an event that is too early stays the next one, and a hint comes back for it; nothing counts as failed', async () => {
  const consumer = await makeConsumer(60_000);
  await consumer.hear();
  expect(consumer.handled).toEqual(['a']);
  const row = await consumer.row();
  expect(row).toMatchObject({ revision: 0n, status: 'waiting', attempts: 0, dueAt: '2026-11-23T10:01:00.000Z' });
  expect(row).not.toHaveProperty('failure');
  expect(consumer.published).toMatchObject([
    { exchange: 'retries', routingKey: expect.stringMatching(/^test\.37500\./) },
  ]);
});

test('a hint that comes too early only asks again, with a shorter delay', async () => {
  const consumer = await makeConsumer(60_000);
  await consumer.hear();
  for (const [ms, delay] of [
    [30_000, 30_000],
    [54_000, 5_000],
    [59_990, 800],
  ] as const) {
    consumer.at(ms);
    await consumer.hearHint();
    expect(consumer.published.at(-1)).toMatchObject({ routingKey: expect.stringContaining(`test.${delay}.`) });
  }
  expect(consumer.handled).toEqual(['a']);
});

test('when its time has come the hint is enough, and what came since follows', async () => {
  const consumer = await makeConsumer(60_000);
  await consumer.hear();
  await consumer.append('c', 1n);
  consumer.at(60_000);
  await consumer.hearHint();
  expect(consumer.handled).toEqual(['a', 'b', 'c']);
  expect(await consumer.row()).toMatchObject({ revision: 2n, status: 'ready', attempts: 0 });
});

test('news of the stream makes it look before that', async () => {
  const consumer = await makeConsumer(60_000);
  await consumer.hear();
  await consumer.append('c', 1n);
  consumer.at(60_000);
  await consumer.hear(2n);
  expect(consumer.handled).toEqual(['a', 'b', 'c']);
});

test('what came meanwhile is remembered when an older hint asks again too early', async () => {
  const consumer = await makeConsumer(60_000);
  await consumer.hear();
  const [hint] = consumer.published;
  await consumer.append('c', 1n);
  await consumer.hear(2n);
  consumer.at(30_000);
  if (hint) await consumer.hearHint(hint);
  expect(await consumer.row()).toMatchObject({ revision: 0n, head: 2n, status: 'waiting' });
});

test('the hint of a stream that has gone on changes nothing', async () => {
  const consumer = await makeConsumer(60_000);
  await consumer.hear();
  consumer.at(60_000);
  await consumer.hear();
  await consumer.hearHint();
  expect(consumer.handled).toEqual(['a', 'b']);
});

test('a failure before is forgotten: the event is only too early', async () => {
  const consumer = await makeConsumer(60_000);
  consumer.fail(new Fault('payments/unavailable', 'no answer'));
  await consumer.hear();
  expect(await consumer.row()).toMatchObject({ attempts: 1, failure: { code: 'payments/unavailable' } });
  consumer.fail(undefined);
  consumer.at(1_000);
  await consumer.hearHint();
  const row = await consumer.row();
  expect(row).toMatchObject({ revision: 0n, status: 'waiting', attempts: 0 });
  expect(row).not.toHaveProperty('failure');
});

test.each([
  [-1, 800],
  [999, 800],
  [5_000, 5_000],
  [29_999, 24_000],
  [3_600_000, 2_250_000],
])('a wait of %d ms begins with a delay of %d ms', (ms, delayMs) => expect(longestDelayMs(ms)).toBe(delayMs));
