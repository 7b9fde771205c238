import { describe, expect, test } from '@jest/globals';
import { createInMemoryEventStore } from '../store/inMemoryEventStore.ts';
import { hint, makeConsumer, messages, type Names, redelivered, silence, stream } from '../testing/consumerRig.ts';
import { createManualClock } from '../testing/manualClock.ts';
import { createInMemoryCursors } from './inMemoryCursors.ts';

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

  test('two processes that both got it again never count each other as dead', async () => {
    const shared = {
      store: createInMemoryEventStore(),
      cursors: createInMemoryCursors<Names>(),
      clock: createManualClock(),
    };
    const [one, two] = [makeConsumer({ ...shared, instance: 'one' }), makeConsumer({ ...shared, instance: 'two' })];
    const events = await one.append(['a', 'b', 'c']);
    for (let n = 0; n < 5; n += 1) {
      await Promise.all([one.consume(redelivered(...events)), two.consume(redelivered(...events))]);
    }
    expect(await one.row()).toMatchObject({ revision: 2n, status: 'ready', view: ['a', 'b', 'c'] });
    expect([...one.published, ...two.published].every(({ routingKey }) => routingKey !== 'test-dlq')).toBe(true);
  });
});
