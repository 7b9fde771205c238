import { describe, expect, test } from '@jest/globals';
import { Fault } from '../kernel/fault.ts';
import { createInMemoryEventStore } from '../store/inMemoryEventStore.ts';
import { makeConsumer, messages, type Names, nameOf, redelivered, stream } from '../testing/consumerRig.ts';
import { createManualClock } from '../testing/manualClock.ts';
import { createInMemoryCursors } from './inMemoryCursors.ts';

/** A function whose process dies of every event named `poison`: it never answers, and the next one is a new process. */
function makeMortal(poison: string) {
  const shared = {
    store: createInMemoryEventStore(),
    cursors: createInMemoryCursors<Names>(),
    clock: createManualClock(),
  };
  const handled: string[] = [];
  let deaths = 0;
  const begin = (instance: string) => {
    const died = Promise.withResolvers<void>();
    const rig = makeConsumer({
      ...shared,
      // The timers of a process die with it.
      clock: { ...shared.clock, sleep: () => new Promise(() => undefined) },
      instance,
      handler: async (view = [], event) => {
        if (nameOf(event) === poison) {
          died.resolve();
          return new Promise<never>(() => undefined);
        }
        handled.push(nameOf(event));
        return [...view, nameOf(event)];
      },
    });
    return { rig, died: died.promise };
  };
  const first = begin('instance-0').rig;
  return {
    ...first,
    handled,
    deaths: () => deaths,
    /** Hands the batch to processes until one of them lives; what the last one published. */
    async deliver(batch: (isFirst: boolean) => unknown) {
      for (let n = 0; n < 10; n += 1) {
        const { rig, died } = begin(`instance-${n + 1}`);
        const outcome = await Promise.race([rig.consume(batch(n === 0)).then(() => 'lived'), died.then(() => 'died')]);
        if (outcome === 'lived') return rig;
        deaths += 1;
        await shared.clock.pass(60_000);
      }
      throw new Error('it kills for ever');
    },
  };
}

describe('a message that kills the function', () => {
  test('is not one that nobody had the time to begin', async () => {
    const shared = { store: createInMemoryEventStore(), cursors: createInMemoryCursors<Names>() };
    const clock = createManualClock();
    const handled: string[] = [];
    let claimMs = 100;
    const begin = (instance: string) => {
      // While the row is claimed, the last moment passes at which something may begin.
      const claim: typeof shared.cursors.claim = async (...args) => {
        await clock.pass(claimMs);
        return shared.cursors.claim(...args);
      };
      return makeConsumer({
        ...shared,
        cursors: { ...shared.cursors, claim },
        clock: { ...clock, sleep: () => new Promise(() => undefined) },
        instance,
        handler: async (view = [], event) => {
          handled.push(nameOf(event));
          return view;
        },
      });
    };
    const [late] = await begin('instance-0').append(['late']);
    for (let n = 1; n <= 5; n += 1) {
      const { consume, published } = begin(`instance-${n}`);
      const endsAtMs = clock.elapsedMs() + 27_050;
      // 12 s are kept for settling; what is left is halved: an event may begin for half of it.
      claimMs = 10_000;
      await consume(redelivered(late), { getRemainingTimeInMillis: () => endsAtMs - clock.elapsedMs() });
      expect(published).toMatchObject([{ type: 'hint' }]);
      await clock.pass(20_000);
    }
    claimMs = 0;
    const { consume, row } = begin('instance-6');
    await consume(redelivered(late));
    expect(handled).toEqual(['late']);
    expect(await row()).toMatchObject({ status: 'ready', revision: 0n });
    expect(await row()).not.toHaveProperty('claim');
  });

  test('is quarantined after its attempts began and never ended, and dead-lettered once with the reason', async () => {
    const { append, deliver, row, deaths } = makeMortal('poison');
    const [poison] = await append(['poison']);
    const last = await deliver((isFirst) => (isFirst ? messages(poison) : redelivered(poison)));
    expect(deaths()).toBe(4);
    expect(await row()).toMatchObject({ status: 'blocked', attempts: 3, failure: { code: 'consumer/unended' } });
    expect(last.published).toMatchObject([
      { routingKey: 'test-dlq', type: 'Happened', headers: { reason: 'quarantined', attempts: 3 } },
    ]);
  });

  test('does its neighbours no harm: they are done before it is tried again, and none is blocked', async () => {
    const { append, deliver, row, handled } = makeMortal('poison');
    const [poison] = await append(['poison']);
    const neighbours = await Promise.all(Array.from({ length: 20 }, (_, n) => append([`n${n}`], `order-${n}`)));
    const all = [poison, ...neighbours.flat()];
    await deliver((isFirst) => (isFirst ? messages(...all) : redelivered(...all)));
    for (let n = 0; n < 20; n += 1) expect(await row(`order-${n}`)).toMatchObject({ revision: 0n, status: 'ready' });
    expect(handled.toSorted()).toEqual(neighbours.map((_, n) => `n${n}`).toSorted());
    expect(await row()).toMatchObject({ status: 'blocked' });
  });

  test('is tried with nothing else of its batch beside it: were two under way, nobody could tell which one killed', async () => {
    let underWay = 0;
    let mostUnderWay = 0;
    const { append, consume } = makeConsumer({
      handler: async (view = [], event) => {
        underWay += 1;
        mostUnderWay = Math.max(mostUnderWay, underWay);
        await new Promise((resolve) => setImmediate(resolve));
        underWay -= 1;
        return [...view, nameOf(event)];
      },
    });
    const events = await Promise.all(Array.from({ length: 5 }, (_, n) => append([`n${n}`], `order-${n}`)));
    await consume(redelivered(...events.flat()));
    expect(mostUnderWay).toBe(1);
  });

  test('is told apart from those before it in its stream, which are done', async () => {
    const { append, deliver, row } = makeMortal('poison');
    const [a, b, poison] = await append(['a', 'b', 'poison']);
    const last = await deliver((isFirst) => (isFirst ? messages(a, b, poison) : redelivered(a, b, poison)));
    expect(await row()).toMatchObject({ revision: 1n, status: 'blocked', view: ['a', 'b'] });
    expect(last.told()).toMatchObject([['test-dlq', { revision: 2n, event: { id: poison?.id } }]]);
  });
});

test('of effects on the outside that were under way together when their process died none is charged with it', async () => {
  const { consume, append, row } = makeConsumer({
    options: { isOutside: true },
    handler: () => new Promise<never>(() => undefined),
  });
  const events = (await Promise.all(['order-1', 'order-2'].map((of) => append(['a'], of)))).flat();
  void consume(messages(...events));
  await new Promise((resolve) => setImmediate(resolve));
  expect(await row('order-1')).toMatchObject({ claim: { begun: 0 } });
  expect(await row('order-2')).toMatchObject({ claim: { begun: 0 } });
});

describe('a redelivery', () => {
  test('is counted before the work, and no first delivery is', async () => {
    const { consume, append, cursors } = makeConsumer();
    const claims: string[] = [];
    const { claim } = cursors;
    cursors.claim = (of, ...asked) => {
      claims.push(of);
      return claim(of, ...asked);
    };
    const [a, b] = await append(['a', 'b']);
    await consume(messages(a));
    expect(claims).toEqual([]);
    await consume(redelivered(b));
    expect(claims).toEqual([stream]);
    await consume(redelivered(a, b));
    expect(claims).toEqual([stream]);
  });

  test('after an outage counts for nothing in the process that lived through it, however often', async () => {
    const { consume, append, failures, handled, row } = makeConsumer();
    const [a] = await append(['a']);
    failures.set('a', () => new Fault('table/unavailable', 'down'));
    for (let n = 0; n < 10; n += 1) await expect(consume(redelivered(a))).rejects.toThrow('down');
    expect(await row()).toMatchObject({ claim: { begun: 1 } });
    failures.clear();
    await consume(redelivered(a));
    expect(handled).toEqual(['a']);
    expect(await row()).not.toHaveProperty('claim');
  });

  test('of a stream that another process has claimed is left to it until its time is over', async () => {
    const rig = makeConsumer();
    const [a] = await rig.append(['a']);
    const until = '2026-11-23T10:00:03.000Z';
    await rig.cursors.claim(stream, undefined, { owner: 'elsewhere/1', until, begun: 1 });
    await rig.consume(redelivered(a));
    expect(rig.handled).toEqual([]);
    expect(rig.told()).toEqual([['test.4000.09', { stream, revision: 0n }]]);
    await rig.clock.pass(4_000);
    await rig.consume(messages(a));
    expect(rig.handled).toEqual(['a']);
    expect(await rig.row()).toMatchObject({ revision: 0n });
  });
});
