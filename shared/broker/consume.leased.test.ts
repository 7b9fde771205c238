import { describe, expect, test } from '@jest/globals';
import { createInMemoryEventStore } from '../store/inMemoryEventStore.ts';
import { newEvent } from '../testing/builders.ts';
import {
  hint,
  invocationOf,
  makeConsumer,
  messages,
  type Names,
  nameOf,
  redelivered,
  stream,
} from '../testing/consumerRig.ts';
import { toRmqEvent } from '../testing/lambdaEvents.ts';
import { createManualClock } from '../testing/manualClock.ts';
import { Postponed } from './consumer.ts';
import { createInMemoryCursors } from './inMemoryCursors.ts';
import { parseBody } from './message.ts';

const leaseMs = 20_000;

/**
 * A function that leases the effect of `poison` before it begins, as who sends a mail does, and leaves it to the lease of
 * another. Its process dies of it while it is deadly.
 */
function makeLeasing() {
  const shared = { store: createInMemoryEventStore(), cursors: createInMemoryCursors<Names>() };
  const clock = createManualClock();
  const handled: string[] = [];
  let deaths = 0;
  let isDeadly = true;
  let leasedUntilMs = 0;
  const begin = (instance: string) => {
    const died = Promise.withResolvers<'died'>();
    const rig = makeConsumer({
      ...shared,
      clock: { ...clock, sleep: () => new Promise(() => undefined) },
      instance,
      options: { handles: ['Happened'] },
      handler: async (view = [], event) => {
        if (nameOf(event) === 'poison' && isDeadly) {
          if (clock.now().getTime() < leasedUntilMs) return new Postponed(new Date(leasedUntilMs));
          leasedUntilMs = clock.now().getTime() + leaseMs;
          deaths += 1;
          died.resolve('died');
          return new Promise<never>(() => undefined);
        }
        handled.push(nameOf(event));
        return [...view, nameOf(event)];
      },
    });
    const run = (batch: unknown) => Promise.race([rig.consume(batch).then(() => 'lived' as const), died.promise]);
    return { ...rig, run };
  };
  return {
    ...begin('instance-0'),
    begin,
    clock,
    handled,
    deaths: () => deaths,
    cure: () => {
      isDeadly = false;
    },
    /** Whoever dies is followed by a new process and a redelivery a second later; what is told to come again comes again. */
    async deliver(batch: (isRedelivered: boolean) => unknown, outlives: boolean): Promise<string | undefined> {
      let next = batch;
      let isRedelivered = false;
      let process = begin('instance-1');
      for (let n = 2; n < 40; n += 1) {
        const told = process.published.length;
        if ((await process.run(next(isRedelivered))) === 'died') {
          isRedelivered = true;
          process = begin(`instance-${n}`);
          await clock.pass(1_000);
          continue;
        }
        const hint = process.published.slice(told).at(-1);
        if (hint === undefined || hint.routingKey === 'test-dlq') return hint?.routingKey;
        await clock.pass(Number(hint.routingKey.split('.').at(-2)));
        next = (redelivered) => toRmqEvent({ message: parseBody(hint.body), redelivered });
        isRedelivered = false;
        if (!outlives) process = begin(`instance-${n}`);
      }
      throw new Error('it kills for ever');
    },
  };
}

describe('an event that kills the function while it holds a lease of its own', () => {
  test.each([
    ['by the same process', true],
    ['by another', false],
  ])('is quarantined, though in between it is too early for it: the hint is read %s', async (_, outlives) => {
    const { append, deliver, deaths, row } = makeLeasing();
    const events = await append(['a', 'poison']);
    const end = await deliver((isRedelivered) => (isRedelivered ? redelivered : messages)(...events), outlives);
    expect([end, deaths()]).toEqual(['test-dlq', 4]);
    expect(await row()).toMatchObject({ revision: 0n, status: 'blocked', failure: { code: 'consumer/unended' } });
  });

  test('is forgiven when it is done after all', async () => {
    const { append, begin, run, clock, cure, row, handled } = makeLeasing();
    const events = await append(['poison', 'b']);
    await run(messages(...events));
    await begin('instance-1').run(redelivered(...events));
    expect(await row()).toMatchObject({ status: 'waiting', claim: { begun: 0, until: '2026-11-23T10:00:00.000Z' } });
    cure();
    await clock.pass(leaseMs);
    await begin('instance-2').run(messages(...events));
    expect([handled, await row()]).toEqual([
      ['poison', 'b'],
      expect.not.objectContaining({ claim: expect.anything() }),
    ]);
  });
});

const twiceBegun = { owner: 'elsewhere/1', until: '2026-11-23T09:59:00.000Z', begun: 2 };

test.each([
  ['handled is over', 'Happened', 1, 1],
  ['skipped is that of the one after it', 'Other', 1, 3],
  ['skipped is that of the one after it, however many they are', 'Other', 120, 3],
])('the charge of an event that is %s', async (_, type, count, begun) => {
  const { store, cursors, run, row } = makeLeasing();
  const named = (n: string, of: string) => ({ ...newEvent(stream, { n }), type: of });
  const before = Array.from({ length: count }, (__, n) => named(`e${n}`, type));
  await store.append(stream, [...before, named('poison', 'Happened')], 'no-stream');
  await cursors.claim(stream, undefined, twiceBegun);
  expect(await run(hint(BigInt(count)))).toBe('died');
  expect(await row()).toMatchObject({ claim: { begun } });
});

test('who takes back its claim leaves the charge of those before it, also to itself', async () => {
  const { append, begin, clock, row, cursors } = makeLeasing();
  const [poison] = await append(['poison']);
  await cursors.claim(stream, undefined, twiceBegun);
  const process = begin('instance-1');
  const { claim } = cursors;
  // While the row is claimed, the last moment passes at which something may begin.
  cursors.claim = async (...args) => {
    await clock.pass(60_000);
    return claim(...args);
  };
  for (let n = 0; n < 2; n += 1) await process.consume(redelivered(poison), invocationOf(clock, 20_000));
  expect(await row()).toMatchObject({ claim: { begun: 2 } });
});

test('so does one that has only skipped events when its time is over', async () => {
  const { store, begin, clock, row, cursors } = makeLeasing();
  const events = ['Other', 'Other', 'Happened'].map((type) => ({ ...newEvent(stream, { n: 'poison' }), type }));
  await store.append(stream, events, 'no-stream');
  await cursors.claim(stream, undefined, twiceBegun);
  const { read } = store;
  store.read = async function* (...args) {
    for await (const event of read.apply(store, args)) {
      if (event.revision === 1n) await clock.pass(60_000);
      yield event;
    }
  };
  await begin('instance-1').consume(hint(2n), invocationOf(clock, 20_000));
  expect(await row()).toMatchObject({ status: 'ready', revision: 0n, claim: { begun: 2 } });
});
