import { describe, expect, test } from '@jest/globals';
import { createInMemoryEventStore } from '../store/inMemoryEventStore.ts';
import { makeConsumer, messages, silence, stream } from '../testing/consumerRig.ts';
import { toRmqEvent } from '../testing/lambdaEvents.ts';
import { parseBody } from './message.ts';

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
