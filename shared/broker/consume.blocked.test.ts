import { describe, expect, test } from '@jest/globals';
import { Fault } from '../kernel/fault.ts';
import { metadata } from '../testing/builders.ts';
import { hint, makeConsumer, messages, silence, stream } from '../testing/consumerRig.ts';

const block = async (rig: ReturnType<typeof makeConsumer>) => {
  const row = await rig.row();
  return { revision: row?.revision ?? 0n, failedAt: row?.failure?.lastAt ?? '' };
};

describe('a failure that will not pass', () => {
  test.each([
    ['a fault', () => new Fault('payments/refused', 'bad request'), 'payments/refused'],
    ['a defect', () => new TypeError('undefined is not a function'), 'defect'],
  ])('%s blocks the stream at once', async (_, failure, code) => {
    const { consume, append, failures, row, published, counted } = makeConsumer();
    const [a] = await append(['a']);
    failures.set('a', failure);
    await consume(messages(a));
    expect(await row()).toMatchObject({ status: 'blocked', attempts: 1, failure: { code } });
    expect(published.map(({ routingKey }) => routingKey)).toEqual(['test-dlq']);
    expect(counted).toEqual({ StreamsBlocked: 1 });
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

  test('an event that can not be told in the properties of a message is dead-lettered all the same', async () => {
    const { consume, store, published, row } = makeConsumer({
      handler: async () => {
        throw new Error('never');
      },
    });
    const long = { ...metadata, correlationId: 'é'.repeat(200) };
    const id = '5f2d1a9e-7b0c-5c3e-8a41-1d2e3f4a5b6c' as never;
    await store.append(stream, [{ id, type: 'T'.repeat(300), data: {}, metadata: long }], 'no-stream');
    await consume(hint(0n));
    expect(published).toMatchObject([{ routingKey: 'test-dlq', type: 'hint' }]);
    expect(published[0]).not.toHaveProperty('correlationId');
    expect(await row()).toMatchObject({ status: 'blocked' });
  });
});

describe('a blocked stream that is redriven', () => {
  test('goes on from its cursor to its newest event, in order', async () => {
    const rig = makeConsumer();
    const { consume, append, failures, handled, row, cursors, clock } = rig;
    const [a, b] = await append(['a', 'b', 'c']);
    failures.set('b', () => new Error('a bug of ours'));
    await consume(messages(a, b));
    await append(['d']);
    failures.clear();
    expect(await cursors.redrive(stream, await block(rig), clock.now())).toBe(true);
    await consume(hint(1n));
    expect(handled).toEqual(['a', 'b', 'c', 'd']);
    expect(await row()).toMatchObject({ revision: 3n, status: 'ready', view: ['a', 'b', 'c', 'd'] });
  });

  test('has all its attempts again, and is known since its first failure', async () => {
    const rig = makeConsumer();
    const { consume, append, failures, row, cursors, clock } = rig;
    const [a] = await append(['a']);
    failures.set('a', () => new Error('a bug of ours'));
    await consume(messages(a));
    await clock.pass(60_000);
    failures.set('a', silence);
    await cursors.redrive(stream, await block(rig), clock.now());
    await consume(hint(0n));
    expect(await row()).toMatchObject({
      status: 'waiting',
      attempts: 1,
      failure: { firstAt: '2026-11-23T10:00:00.000Z', lastAt: '2026-11-23T10:01:00.000Z' },
    });
  });

  test('is woken by any message, should the hint of the redrive be lost', async () => {
    const rig = makeConsumer();
    const { consume, append, failures, handled, cursors, clock } = rig;
    const [a] = await append(['a']);
    failures.set('a', () => new Error('a bug of ours'));
    await consume(messages(a));
    failures.clear();
    await cursors.redrive(stream, await block(rig), clock.now());
    clock.setBack(60_000);
    const [b] = await append(['b']);
    await consume(messages(b));
    expect(handled).toEqual(['a', 'b']);
  });

  test('without the event that was discarded: nothing came of it, and all after it is done', async () => {
    const rig = makeConsumer();
    const { consume, append, failures, handled, row, cursors, clock } = rig;
    const [a, b] = await append(['a', 'b', 'c']);
    failures.set('b', () => new Error('beyond repair'));
    await consume(messages(a, b));
    await cursors.discard(stream, await block(rig), clock.now());
    await consume(hint(1n));
    expect(handled).toEqual(['a', 'c']);
    expect(await row()).toMatchObject({ revision: 2n, status: 'ready', view: ['a', 'c'] });
  });

  test('after the discard of its newest event is ready, and waits for the next', async () => {
    const rig = makeConsumer();
    const { consume, append, failures, row, cursors, clock, published } = rig;
    const [a] = await append(['a']);
    failures.set('a', () => new Error('beyond repair'));
    await consume(messages(a));
    await cursors.discard(stream, await block(rig), clock.now());
    await consume(hint(0n));
    expect(await row()).toEqual({ stream, revision: 0n, head: -1n, status: 'ready', attempts: 0 });
    expect(published).toHaveLength(1);
  });
});
