import { describe, expect, test } from '@jest/globals';
import { createInMemoryEventStore } from '../store/inMemoryEventStore.ts';
import { hint, makeConsumer, messages, silence, stream } from '../testing/consumerRig.ts';
import { toRmqEvent } from '../testing/lambdaEvents.ts';
import { parseBody } from './message.ts';

describe('what can not be read', () => {
  test.each([
    ['not JSON', 'hello', /not JSON/],
    ['another shape', '{"revision":"-1"}', /stream.*revision/s],
    ['no place of its own', '{"stream":"order-1","revision":"99999999999999999999"}', /revision/],
    ['a revision that no stream reaches', '{"stream":"order-1","revision":"9007199254740993"}', /below 2\^53/],
    [
      'an event without origin',
      '{"stream":"order-1","revision":"0","event":{"id":"0b6f0a44-0f2c-5d7e-9f55-6b4f3f0a1c11","type":"X","data":{},"metadata":{}}}',
      /correlationId/,
    ],
    ['six megabytes of nothing', 'x'.repeat(6 * 1024 * 1024), /not JSON/],
  ])('%s goes to the dead letters as it came; its neighbours are handled', async (_, body, error) => {
    const { consume, append, handled, published, counted } = makeConsumer();
    const [a] = await append(['a']);
    await consume(toRmqEvent({ body }, { message: { stream, revision: 0n, ...(a && { event: a }) } }));
    expect(handled).toEqual(['a']);
    expect(published).toHaveLength(1);
    expect(published[0]).toMatchObject({
      exchange: '',
      routingKey: 'test-dlq',
      headers: {
        reason: 'malformed',
        code: 'broker/malformed-message',
        queue: 'queue.0',
        originalHeaders: { stream: 'o' },
        firstFailedAt: '2026-11-23T10:00:00.000Z',
      },
    });
    expect(published[0]?.headers['error']).toMatch(error);
    expect(counted).toEqual({ DeadLetters: 1 });
    expect(Buffer.from(published[0]?.body ?? []).equals(Buffer.from(body))).toBe(true);
  });

  test('headers that would not fit into another message do not make the dead letter impossible', async () => {
    const { consume, published } = makeConsumer();
    const headers = { note: { bytes: Array.from({ length: 70_000 }, () => 120) } };
    await consume(toRmqEvent({ body: 'hello', headers }));
    expect(published[0]?.headers['originalHeaders']).toEqual({ left: 'out, larger than 16 KiB' });
  });

  test('a revision that the stream does not have is looked for again, then dead-lettered; what is there is handled', async () => {
    const { consume, append, handled, published, row } = makeConsumer();
    await append(['a']);
    await consume(hint(7n));
    expect(handled).toEqual(['a']);
    expect(await row()).toMatchObject({ revision: 0n });
    for (let look = 1; look <= 3; look += 1) await consume(hint(7n, undefined, look));
    const retries = [1_000, 5_000, 30_000].map((ms) => ({ routingKey: `test.${ms}.09`, headers: { revision: '7' } }));
    expect(published).toMatchObject([...retries, { routingKey: 'test-dlq', headers: { reason: 'unreachable' } }]);
  });

  test('a revision that the store has a moment later is handled as if it had been there', async () => {
    const { consume, append, handled, published, row } = makeConsumer();
    await append(['a']);
    await consume(hint(1n));
    await append(['b']);
    await consume(toRmqEvent({ message: parseBody(published[0]?.body ?? Buffer.of()) }));
    expect(handled).toEqual(['a', 'b']);
    expect(await row()).toMatchObject({ status: 'ready', revision: 1n });
    expect(published).toHaveLength(1);
  });

  test('what a message carries does not have to be in a store that is behind', async () => {
    const store = createInMemoryEventStore();
    const { append } = makeConsumer({ store });
    const [, b, c] = await append(['a', 'b', 'c']);
    const behind: typeof store = {
      ...store,
      async *read(...args) {
        for await (const event of store.read(...args)) if (event.revision === 0n) yield event;
      },
    };
    const { consume, handled, published, row } = makeConsumer({ store: behind });
    await consume(messages(b, c));
    expect(handled).toEqual(['a', 'b', 'c']);
    expect(await row()).toMatchObject({ revision: 2n });
    expect(published).toEqual([]);
  });

  test('such a revision does not wedge a stream that waits: what comes is handled, while it is looked for in vain', async () => {
    const { consume, append, failures, handled, published, row } = makeConsumer();
    const [a] = await append(['a']);
    failures.set('a', silence);
    await consume(messages(a));
    await consume(hint(99n));
    failures.clear();
    await consume(hint(0n, 1));
    expect([handled, await row()]).toMatchObject([['a'], { revision: 0n, status: 'waiting', head: 99n }]);
    for (let look = 1; look <= 3; look += 1) {
      // News of the stream itself starts no more looks.
      const news = await append([`b${look}`, `c${look}`]);
      await consume(messages(...news));
      await consume(messages(...news));
      await consume(hint(99n, undefined, look));
    }
    expect(handled).toEqual(['a', 'b1', 'c1', 'b2', 'c2', 'b3', 'c3']);
    expect(published.slice(1).map(({ routingKey }) => routingKey)).toEqual([
      'test.1000.09',
      'test.5000.09',
      'test.30000.09',
      'test-dlq',
    ]);
    expect(await row()).toMatchObject({ revision: 6n, head: -1n, status: 'ready' });
  });

  test('a type that nobody knows, written by somebody else, is no failure', async () => {
    const { consume, append, store, row, published } = makeConsumer({ options: { handles: ['Happened'] } });
    await append(['a']);
    const { read } = store;
    store.read = async function* (...args) {
      for await (const event of read.apply(store, args)) yield { ...event, type: 'Foreign', malformed: 'no origin' };
    };
    await consume(hint(0n));
    expect([await row(), published]).toMatchObject([{ revision: 0n, status: 'ready' }, []]);
  });
});
