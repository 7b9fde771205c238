import { describe, expect, test } from '@jest/globals';
import { hint, makeConsumer, messages, silence, stream } from '../testing/consumerRig.ts';
import { toRmqEventOf } from '../testing/lambdaEvents.ts';
import { createManualClock } from '../testing/manualClock.ts';

describe('a failure that may pass', () => {
  test('is tried again later: what came before it stays done, the hint goes to the retry queue', async () => {
    const { consume, append, failures, row, told, published } = makeConsumer();
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
      failure: {
        code: 'payments/unavailable',
        message: 'no answer',
        event: { id: b?.id, type: 'Happened', correlationId: 'correlation-1' },
      },
    });
    expect(published.map(({ exchange }) => exchange)).toEqual(['retries']);
    expect(told()).toEqual([['test.1000.09', { stream, revision: 2n, attempt: 1 }]]);
  });

  test('tells in the log what failed, why, after how long, and what it belongs to', async () => {
    const clock = createManualClock();
    const { consume, append, logger } = makeConsumer({
      clock,
      handler: async () => {
        await clock.pass(40);
        throw silence();
      },
    });
    const [a] = await append(['a']);
    await consume(messages(a));
    expect(logger.lines).toEqual([
      {
        level: 'warn',
        message: 'event failed, to be retried',
        consumer: 'test',
        stream,
        revision: 0n,
        attempts: 1,
        durationMs: 40,
        eventId: a?.id,
        type: 'Happened',
        correlationId: 'correlation-1',
        causationId: 'cause-1',
        delayMs: 1_000,
        code: 'payments/unavailable',
        reason: 'no answer',
      },
    ]);
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

  test("a retry goes on to the stream's newest event, though its hint names none of what came since", async () => {
    const { consume, append, failures, handled } = makeConsumer();
    const [a] = await append(['a']);
    failures.set('a', silence);
    await consume(messages(a));
    await append(['b', 'c']);
    failures.clear();
    await consume(hint(0n, 1));
    expect(handled).toEqual(['a', 'b', 'c']);
  });

  test('the hint counts, not the clock of whoever reads it', async () => {
    const { consume, append, failures, handled, clock } = makeConsumer();
    const [a] = await append(['a']);
    failures.set('a', silence);
    await consume(messages(a));
    failures.clear();
    clock.setBack(60_000);
    await consume(hint(0n, 1));
    expect(handled).toEqual(['a']);
  });

  test('when the hint was lost, the next message after its time does the same', async () => {
    const { consume, append, failures, handled, clock } = makeConsumer();
    const [a] = await append(['a']);
    failures.set('a', silence);
    await consume(messages(a));
    failures.clear();
    await clock.pass(1_000);
    await consume(messages(a));
    expect(handled).toEqual(['a']);
  });

  test('waits longer each time, and is blocked and dead-lettered after the last', async () => {
    const { consume, append, failures, row, published, told } = makeConsumer();
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
    expect(published.at(-1)?.headers).toMatchObject({
      reason: 'blocked',
      code: 'payments/unavailable',
      error: 'no answer',
      attempts: 6,
      firstFailedAt: '2026-11-23T10:00:00.000Z',
      originalRoutingKey: 'order.Happened.09',
    });
    expect(told().at(-1)).toMatchObject(['test-dlq', { stream, revision: 0n, event: { id: a?.id } }]);
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

  test('news set aside between its last look and its failure is not forgotten', async () => {
    const { consume, append, failures, row, cursors, handled } = makeConsumer();
    const [a] = await append(['a']);
    failures.set('a', silence);
    await consume(messages(a));
    const { fail } = cursors;
    cursors.fail = async (...args) => {
      cursors.fail = fail;
      await append(['b']);
      await cursors.setAside(stream, 1n);
      return fail(...args);
    };
    await consume(hint(0n, 1));
    expect(await row()).toMatchObject({ head: 1n, status: 'waiting' });
    failures.clear();
    await consume(hint(0n, 3));
    expect(handled).toEqual(['a', 'b']);
  });
});

describe('an event that is not handled within its time', () => {
  const hanging = () => new Promise<never>(() => undefined);

  test('is a failure that may pass; nobody waits for it any more, and it is told so', async () => {
    let signal: AbortSignal | undefined;
    const { consume, append, row, clock } = makeConsumer({
      options: { timeLimitMs: 2_000 },
      handler: (_, __, context) => {
        signal = context.signal;
        return hanging();
      },
    });
    const [a] = await append(['a']);
    const consuming = consume(messages(a));
    await clock.pass(1_999);
    expect(signal?.aborted).toBe(false);
    await clock.pass(1);
    await consuming;
    expect(signal?.aborted).toBe(true);
    expect(await row()).toMatchObject({ status: 'waiting', attempts: 1, failure: { code: 'consumer/timed-out' } });
  });

  test('holds up a first delivery no longer than its patience, and has its whole time in the late queue', async () => {
    const { consume, append, row, clock } = makeConsumer({
      options: { timeLimitMs: 2_000, patienceMs: 300 },
      handler: hanging,
    });
    const [a] = await append(['a']);
    const first = consume(messages(a));
    await clock.pass(300);
    await first;
    expect(await row()).toMatchObject({ status: 'waiting', attempts: 1 });
    const late = consume(toRmqEventOf('test.late', { message: { stream, revision: 0n, attempt: 1 } }));
    await clock.pass(1_999);
    expect(await row()).toMatchObject({ attempts: 1 });
    await clock.pass(1);
    await late;
    expect(await row()).toMatchObject({ attempts: 2 });
  });
});
