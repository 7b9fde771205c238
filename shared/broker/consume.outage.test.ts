import { describe, expect, test } from '@jest/globals';
import { Fault } from '../kernel/fault.ts';
import type { StoredEvent } from '../store/eventStore.ts';
import { createInMemoryEventStore } from '../store/inMemoryEventStore.ts';
import {
  hint,
  invocationOf,
  makeConsumer,
  messages,
  type Names,
  nameOf,
  redelivered,
  silence,
  stream,
} from '../testing/consumerRig.ts';
import { toRmqEvent } from '../testing/lambdaEvents.ts';
import { createManualClock } from '../testing/manualClock.ts';
import { createInMemoryCursors } from './inMemoryCursors.ts';

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

  test('of the broker: what can not be read is not settled, and nothing after it begun', async () => {
    const { consume, append, handled, breakBroker } = makeConsumer();
    const [a] = await append(['a']);
    breakBroker(new Fault('broker/unavailable', 'no broker'));
    const message = { stream, revision: 0n, ...(a && { event: a }) };
    await expect(consume(toRmqEvent({ body: 'hello' }, { message }))).rejects.toThrow('no broker');
    expect(handled).toEqual([]);
  });

  test('of the table: the other streams of the batch that have begun are done all the same', async () => {
    const cursors = createInMemoryCursors<Names>();
    const advance = cursors.advance;
    cursors.advance = async (of, ...run) => {
      if (of === 'order-1') throw new Fault('table/unavailable', 'no table');
      return advance(of, ...run);
    };
    const { consume, append, row } = makeConsumer({ cursors });
    const [a] = await append(['a'], 'order-1');
    const [b] = await append(['b'], 'order-2');
    await expect(consume(messages(a, b))).rejects.toThrow('no table');
    expect(await row('order-2')).toMatchObject({ revision: 0n });
  });

  test('and others of it are begun as long as that costs little: where nobody answers, what is down for one is down for all', async () => {
    const clock = createManualClock();
    const begun: string[] = [];
    let answersAfterMs = 0;
    const handler = async (_: Names | undefined, event: StoredEvent) => {
      begun.push(nameOf(event));
      await clock.pass(answersAfterMs);
      throw new Fault('store/unavailable', 'down');
    };
    const { consume, append } = makeConsumer({ clock, handler, options: { maxConcurrent: 1 } });
    const events = await Promise.all(
      ['a', 'b', 'c', 'd'].map(async (name) => (await append([name], `order-${name}`))[0]),
    );
    await expect(consume(messages(...events))).rejects.toThrow('down');
    expect(begun.splice(0)).toEqual(['a', 'b', 'c', 'd']);
    answersAfterMs = 3_000;
    await expect(consume(messages(...events))).rejects.toThrow('down');
    expect(begun).toEqual(['a', 'b']);
  });
});

test.each([
  ['the store', 'store/unavailable'],
  ['an append that others win', 'store/contended'],
] as const)('an outage of %s quarantines nobody, whatever process each of its deliveries goes to', async (_, code) => {
  const shared = {
    store: createInMemoryEventStore(),
    cursors: createInMemoryCursors<Names>(),
    clock: createManualClock(),
  };
  const processes = Array.from({ length: 6 }, (__, n) => makeConsumer({ ...shared, instance: `instance-${n}` }));
  const [first] = processes;
  const [a] = (await first?.append(['a'])) ?? [];
  for (const { failures, consume } of processes) {
    failures.set('a', () => new Fault(code, 'down'));
    await consume(redelivered(a)).catch(() => undefined);
    failures.clear();
    await shared.clock.pass(60_000);
  }
  await first?.consume(redelivered(a));
  expect([first?.handled, await first?.row()]).toMatchObject([['a'], { status: 'ready', revision: 0n }]);
});

describe('a stream that others write to all the time', () => {
  test('is handed back by itself, and does not fail its batch', async () => {
    const { consume, append, failures, handled, told } = makeConsumer();
    const [a] = await append(['a'], 'order-1');
    const [b] = await append(['b'], 'order-2');
    failures.set('a', () => new Fault('store/contended', '20 appends lost'));
    await consume(messages(a, b));
    expect(handled).toEqual(['b']);
    expect(told()).toEqual([[expect.stringMatching(/^test\.800\./), { stream: 'order-1', revision: 0n }]]);
  });

  test('is handed back as well when its row is', async () => {
    const { consume, append, cursors, told } = makeConsumer();
    const [a] = await append(['a']);
    cursors.advance = async () => false;
    await consume(messages(a));
    expect(told()).toEqual([['test.800.09', { stream, revision: 0n }]]);
  });
});

describe('when the time of the invocation is nearly over', () => {
  test('no more streams are begun: they are handed back through the retry queue, and the batch is settled', async () => {
    const clock = createManualClock();
    const { consume, append, row, told } = makeConsumer({
      clock,
      options: { maxConcurrent: 1, timeLimitMs: 20_000 },
      handler: async (view = []) => {
        await clock.pass(15_000);
        return view;
      },
    });
    const streams = ['order-1', 'order-2', 'order-3', 'order-4'];
    const events = (await Promise.all(streams.map((of) => append([of], of)))).flat();
    await consume(messages(...events), invocationOf(clock, 67_000));
    // 12 s are kept for settling and 20 s for the last event: nothing begins after 35 s.
    expect(await row('order-3')).toMatchObject({ revision: 0n });
    expect(await row('order-4')).toBeUndefined();
    expect(told()).toEqual([[expect.stringMatching(/^test\.800\./), { stream: 'order-4', revision: 0n }]]);
  });

  test('a long stream keeps what was done of it, and its rest is handed back', async () => {
    const clock = createManualClock();
    const handled: string[] = [];
    const { consume, append, row, told } = makeConsumer({
      clock,
      options: { timeLimitMs: 20_000 },
      handler: async (view = [], event) => {
        await clock.pass(15_000);
        handled.push(nameOf(event));
        return view;
      },
    });
    const events = await append(['a', 'b', 'c', 'd', 'e']);
    await consume(messages(...events), invocationOf(clock, 67_000));
    expect(await row()).toMatchObject({ revision: 2n, status: 'ready' });
    expect(told()).toEqual([['test.800.09', { stream, revision: 4n }]]);
    await consume(hint(4n), invocationOf(clock, 67_000));
    expect(handled).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  test('a retry that finds none keeps its place in the ladder', async () => {
    const { consume, append, failures, row, told, clock, cursors } = makeConsumer();
    const [a] = await append(['a']);
    failures.set('a', silence);
    await consume(messages(a));
    const { load } = cursors;
    cursors.load = async (streams) => {
      await clock.pass(58_000);
      return load(streams);
    };
    await consume(hint(0n, 1), invocationOf(clock, 67_000));
    cursors.load = load;
    expect(told().at(-1)).toEqual(['test.800.09', { stream, revision: 0n, attempt: 1 }]);
    expect(await row()).toMatchObject({ status: 'waiting', attempts: 1 });
  });

  test('an invocation that is shorter than the longest time for an event gives it less', async () => {
    const hanging = () => new Promise<never>(() => undefined);
    const { consume, append, row, clock } = makeConsumer({ options: { timeLimitMs: 60_000 }, handler: hanging });
    const [a] = await append(['a']);
    const consuming = consume(messages(a), invocationOf(clock, 20_000));
    await clock.pass(7_500);
    await consuming;
    expect(await row()).toMatchObject({ status: 'waiting', failure: { code: 'consumer/timed-out' } });
  });
});
