import { describe, expect, test } from '@jest/globals';
import { Fault } from '../kernel/fault.ts';
import { createInMemoryEventStore } from '../store/inMemoryEventStore.ts';
import { hint, invocationOf, makeConsumer, messages, redelivered, silence, stream } from '../testing/consumerRig.ts';
import { toRmqEvent } from '../testing/lambdaEvents.ts';
import { createManualClock } from '../testing/manualClock.ts';
import { createInMemoryDeadLetterQueue } from './inMemoryDeadLetterQueue.ts';
import { parseBody } from './message.ts';
import type { OutgoingMessage } from './publisher.ts';
import { sweepStreams } from './sweepStreams.ts';

/** A consumer that reads a node with only `has(n)` events of a stream, until it has all. */
function makeBehind() {
  const store = createInMemoryEventStore();
  const { read } = store;
  let has = Number.POSITIVE_INFINITY;
  store.read = async function* (...args) {
    for await (const event of read.apply(store, args)) if (event.revision < has) yield event;
  };
  const rig = makeConsumer({ store });
  return {
    ...rig,
    has: (events: number) => {
      has = events;
    },
    hasAll: () => {
      has = Number.POSITIVE_INFINITY;
    },
    /** What was published last comes back. */
    comeBack: () => rig.consume(toRmqEvent({ message: parseBody(rig.published.at(-1)?.body ?? Buffer.of()) })),
    keys: () => rig.published.map(({ routingKey }) => routingKey),
    /** Every hint was lost; the sweep tells of what waits. */
    async sweep(): Promise<void> {
      await rig.clock.pass(600_000);
      const publisher = { publish: async (message: OutgoingMessage) => void rig.published.push(message) };
      const queue = createInMemoryDeadLetterQueue();
      const { clock, logger, cursors } = rig;
      await sweepStreams({ tables: { test: cursors }, queue, publisher, clock, logger });
    },
  };
}

describe('a revision that can not be read yet', () => {
  test('is looked for three times, however late the retry is whose read is behind', async () => {
    const { consume, append, failures, handled, has, hasAll, comeBack, keys } = makeBehind();
    const [a] = await append(['a']);
    failures.set('a', silence);
    await consume(messages(a));
    await comeBack();
    await comeBack();
    failures.clear();
    has(0);
    // Announces attempt 3.
    for (let reads = 0; reads < 3; reads += 1) await comeBack();
    expect(keys()).toEqual([1_000, 5_000, 30_000, 1_000, 5_000, 30_000].map((ms) => `test.${ms}.09`));
    hasAll();
    await comeBack();
    expect([handled, keys()]).toEqual([['a'], expect.not.arrayContaining(['test-dlq'])]);
  });

  test('is looked for three times, whatever was tried or looked for in vain before it in the same batch', async () => {
    const { consume, append, has, keys } = makeBehind();
    const [a] = await append(['a']);
    await consume(messages(a));
    await append(['b', 'c']);
    has(1);
    const late = [{ attempt: 5 }, { look: 3 }].map((of) => ({ message: { stream, revision: 1n, ...of } }));
    await consume(toRmqEvent(...late, { message: { stream, revision: 2n } }));
    expect(keys()).toEqual(['test.1000.09']);
  });
});

describe('what was set aside while a stream waited', () => {
  /** `a` has failed and waits, `b` is set aside: its message is settled, and only the row knows of it. */
  async function makeSetAside() {
    const rig = makeBehind();
    const { append, consume, failures } = rig;
    const [a] = await append(['a']);
    failures.set('a', silence);
    await consume(messages(a));
    const [b] = await append(['b']);
    await consume(messages(b));
    failures.clear();
    return rig;
  }

  test('is looked for again by a retry that reads too little', async () => {
    const { consume, has, hasAll, comeBack, handled, row, told } = await makeSetAside();
    has(1);
    await consume(hint(0n, 1));
    expect([handled, await row()]).toMatchObject([['a'], { status: 'waiting', revision: 0n, head: 1n, attempts: 0 }]);
    expect(told().at(-1)).toEqual(['test.1000.09', { stream, revision: 1n, look: 1 }]);
    hasAll();
    await comeBack();
    expect([handled, await row()]).toMatchObject([['a', 'b'], { status: 'ready', revision: 1n, head: -1n }]);
  });

  test.each([
    ['nothing', 0],
    ['too little', 1],
  ])('is found by the sweep, should the retry read %s and its hint be lost', async (_, events) => {
    const { consume, has, hasAll, comeBack, sweep, handled, row } = await makeSetAside();
    has(events);
    await consume(hint(0n, 1));
    hasAll();
    await sweep();
    await comeBack();
    expect([handled, await row()]).toMatchObject([['a', 'b'], { status: 'ready', revision: 1n }]);
  });

  test.each([
    ['it is told', 'publish'],
    ['it is written', 'fail'],
  ] as const)('is not forgotten when the process of its retry dies before %s', async (_, call) => {
    const { consume, has, hasAll, cursors, breakBroker, handled, row } = await makeSetAside();
    has(1);
    const dead = new Fault('table/unavailable', 'dead');
    const { fail } = cursors;
    if (call === 'publish') breakBroker(dead);
    else cursors.fail = async () => Promise.reject(dead);
    await expect(consume(hint(0n, 1))).rejects.toThrow('dead');
    expect(await row()).toMatchObject({ status: 'waiting', revision: -1n, head: 1n, attempts: 1 });
    breakBroker(undefined);
    cursors.fail = fail;
    hasAll();
    await consume(hint(0n, 1));
    expect([handled, await row()]).toMatchObject([['a', 'a', 'b'], { revision: 1n, status: 'ready' }]);
  });

  test('is left to the hint that is under way by what else comes of the stream', async () => {
    const { consume, has, published, row, clock } = await makeSetAside();
    has(1);
    await consume(hint(0n, 1));
    const [told, waits] = [published.length, await row()];
    await clock.pass(500);
    await consume(hint(0n));
    expect([published.length, await row()]).toEqual([told, waits]);
  });

  test('has looks of its own: those for an older revision say nothing of it', async () => {
    const { consume, has, cursors, keys, row } = await makeSetAside();
    has(1);
    await consume(hint(0n, 1));
    await cursors.setAside(stream, 3n);
    await consume(hint(1n, undefined, 3));
    expect([keys(), await row()]).toMatchObject([expect.not.arrayContaining(['test-dlq']), { head: 3n }]);
  });

  test('waits with its stream when a retry is cut off, whatever becomes of the hint', async () => {
    const clock = createManualClock();
    let isAway = true;
    const { append, consume, told, row } = makeConsumer({
      clock,
      options: { timeLimitMs: 20_000 },
      handler: async (view = []) => {
        if (isAway) throw silence();
        await clock.pass(15_000);
        return view;
      },
    });
    await consume(messages(...(await append(['a']))));
    await consume(messages(...(await append(['b', 'c', 'd']))));
    isAway = false;
    await consume(hint(0n, 1), invocationOf(clock, 67_000));
    expect(told().at(-1)).toEqual(['test.800.09', { stream, revision: 3n, attempt: 1 }]);
    expect(await row()).toMatchObject({ status: 'waiting', revision: 2n, head: 3n, attempts: 0 });
  });
});

test('what is read with a hole is not passed over', async () => {
  const { consume, append, store, handled, row, comeBack } = makeBehind();
  await append(['a', 'b', 'c']);
  const { read } = store;
  store.read = async function* (...args) {
    for await (const event of read.apply(store, args)) if (event.revision !== 1n) yield event;
  };
  await consume(hint(2n));
  expect(handled).toEqual(['a']);
  expect(await row()).toMatchObject({ status: 'waiting', revision: 0n, head: 2n, failure: { code: 'store/behind' } });
  store.read = read;
  await comeBack();
  expect([handled, await row()]).toMatchObject([['a', 'b', 'c'], { status: 'ready' }]);
});

describe('a read that lacks the event that has failed', () => {
  test('neither counts as an attempt nor takes one back', async () => {
    const { consume, append, failures, has, hasAll, comeBack, row } = makeBehind();
    const [a] = await append(['a']);
    failures.set('a', silence);
    await consume(messages(a));
    await comeBack();
    has(0);
    await comeBack();
    expect(await row()).toMatchObject({ status: 'waiting', attempts: 2, failure: { code: 'payments/unavailable' } });
    await consume(messages(a));
    expect(await row()).toMatchObject({ attempts: 2 });
    hasAll();
    await comeBack();
    expect(await row()).toMatchObject({ attempts: 3 });
  });

  test('leaves the charge of those who died of it', async () => {
    const { consume, append, cursors, has, row } = makeBehind();
    const [a] = await append(['a']);
    const until = '2026-11-23T09:59:00.000Z';
    await cursors.claim(stream, undefined, { owner: 'elsewhere/1', until, begun: 2 });
    has(0);
    await consume(toRmqEvent({ message: { stream, revision: 0n }, redelivered: true }));
    expect(await row()).toMatchObject({ status: 'waiting', revision: -1n, claim: { begun: 2 } });
    await consume(redelivered(a));
    expect(await row()).not.toHaveProperty('claim');
  });
});
