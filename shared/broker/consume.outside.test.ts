import { describe, expect, test } from '@jest/globals';
import { createInMemoryEventStore } from '../store/inMemoryEventStore.ts';
import { makeConsumer, messages, type Names, nameOf, silence, stream } from '../testing/consumerRig.ts';
import { createManualClock } from '../testing/manualClock.ts';
import { createInMemoryCursors } from './inMemoryCursors.ts';

/** Two processes of one consumer whose effect is in the outside world, over the same rows. */
function makeTwo(handler?: (name: string) => Promise<void>) {
  const shared = {
    store: createInMemoryEventStore(),
    cursors: createInMemoryCursors<Names>(),
    clock: createManualClock(),
  };
  const effects: string[] = [];
  const make = (instance: string) =>
    makeConsumer({
      ...shared,
      instance,
      options: { isOutside: true, timeLimitMs: 10_000, handles: ['Happened'] },
      handler: async (view = [], event) => {
        effects.push(`${instance} ${nameOf(event)}`);
        await handler?.(nameOf(event));
        return view;
      },
    });
  return { a: make('a'), b: make('b'), effects, clock: shared.clock };
}

describe('an effect on the outside', () => {
  test('is claimed before it begins, and the claim ends with it', async () => {
    const { a, effects } = makeTwo(async () => {
      expect(await a.row()).toMatchObject({ claim: { until: '2026-11-23T10:00:12.000Z', begun: 0 } });
    });
    const [first] = await a.append(['x']);
    await a.consume(messages(first));
    expect(effects).toEqual(['a x']);
    expect(await a.row()).toEqual({ stream, revision: 0n, head: -1n, status: 'ready', attempts: 0, view: [] });
  });

  test('is left to the run that has claimed it; who comes meanwhile looks again later', async () => {
    const gate = Promise.withResolvers<void>();
    const { a, b, effects, clock } = makeTwo(() => gate.promise);
    const [first] = await a.append(['x']);
    const slow = a.consume(messages(first));
    await clock.pass(0);
    await b.consume(messages(first));
    expect(effects).toEqual(['a x']);
    expect(b.told()).toEqual([['test.5000.09', { stream, revision: 0n }]]);
    gate.resolve();
    await slow;
    await b.consume(messages(first));
    expect(effects).toEqual(['a x']);
  });

  test('of a holder that was too slow is taken over, and the slow one can not write over the second', async () => {
    const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    let calls = 0;
    const { a, b, effects, clock } = makeTwo(() => gates[calls++]?.promise ?? Promise.resolve());
    const [first] = await a.append(['x', 'y']);
    // Frozen in the midst of its effect: its own time limit does not run either.
    a.clock.sleep = () => new Promise(() => undefined);
    const frozen = a.consume(messages(first));
    await clock.pass(12_001);
    const taken = b.consume(messages(first));
    await clock.pass(0);
    expect(effects).toEqual(['a x', 'b x']);
    gates[0]?.resolve();
    await frozen;
    expect(await a.row()).toMatchObject({ revision: -1n, claim: { begun: 1 } });
    gates[1]?.resolve();
    await taken;
    expect(await a.row()).toMatchObject({ revision: 0n });
    expect(await a.row()).not.toHaveProperty('claim');
  });

  test('is written down before the next one of its stream begins', async () => {
    const { a } = makeTwo(async (name) => {
      if (name === 'y') expect(await a.row()).toMatchObject({ revision: 0n, claim: { begun: 0 } });
    });
    const [x, y] = await a.append(['x', 'y']);
    await a.consume(messages(x, y));
    expect(await a.row()).toMatchObject({ revision: 1n });
  });

  test('that fails gives up its claim and waits for its retry', async () => {
    const { a } = makeTwo(async () => {
      throw silence();
    });
    const [x] = await a.append(['x']);
    await a.consume(messages(x));
    expect(await a.row()).toMatchObject({ status: 'waiting', attempts: 1 });
    expect(await a.row()).not.toHaveProperty('claim');
  });

  test('is not claimed for events that it has nothing to do with', async () => {
    const { a } = makeTwo();
    const { cursors, append, store } = a;
    cursors.claim = () => {
      throw new Error('claimed');
    };
    const [x] = await append(['x']);
    const { read } = store;
    store.read = async function* (...args) {
      for await (const event of read.apply(store, args)) yield { ...event, type: 'Other' };
    };
    await a.consume(messages(x && { ...x, type: 'Other' }));
    expect(await a.row()).toMatchObject({ revision: 0n });
  });
});
