import { expect, test } from '@jest/globals';
import { createLostQueues, toDeclaredAgain } from './lostQueues.ts';

/** A broker that lacks these queues until the topology is declared; what is done about it, in order. */
function record(missing: readonly string[], declareAgain: () => Promise<void> = async () => {}) {
  const done: string[] = [];
  let lacks = missing;
  let look = (): void => {};
  const note = (what: string): void => {
    done.push(what);
    look();
  };
  const lost = createLostQueues({
    pauseMs: 1,
    findMissing: async () => {
      note('looked');
      return lacks;
    },
    declareAgain: async () => {
      await declareAgain();
      lacks = [];
      note('declared');
      return 'relay: running again';
    },
    say: note,
  });
  const untilDone = (count: number): Promise<void> =>
    new Promise((resolve) => {
      look = () => done.length >= count && resolve();
      look();
    });
  return { lost, done, untilDone };
}

const shippingIsBack = 'queue shipping.0 is gone: it is declared again, and its consumer told of what came meanwhile';

test('several that are told of together are declared at once, and named', async () => {
  const { lost, done, untilDone } = record(['shipping.0', 'inventory.0']);
  lost.onGone();
  lost.onGone();
  await untilDone(4);
  expect(done).toEqual([
    'looked',
    'declared',
    toDeclaredAgain(['shipping.0', 'inventory.0'], 'gone'),
    'relay: running again',
  ]);
});

test('one that is there by then needs nothing; one that goes later is looked for again', async () => {
  const { lost, done, untilDone } = record([]);
  lost.onGone();
  await untilDone(1);
  await new Promise(setImmediate);
  lost.onGone();
  await untilDone(2);
  expect(done).toEqual(['looked', 'looked']);
});

test('one that is told of while another is declared has its turn afterwards', async () => {
  const { lost, done, untilDone } = record(['shipping.0'], async () => lost.onGone());
  lost.onGone();
  await untilDone(5);
  expect(done).toEqual(['looked', 'declared', shippingIsBack, 'relay: running again', 'looked']);
});

test('where it can not be declared it is said, once, with what to do', async () => {
  const { lost, done, untilDone } = record(['shipping.0'], () => Promise.reject(new Error('ACCESS_REFUSED')));
  lost.onGone();
  await untilDone(2);
  expect(done).toEqual([
    'looked',
    'queue shipping.0 is gone and could not be declared again (ACCESS_REFUSED): end npm start, and start it again',
  ]);
});

test('more than three are not all named', () => {
  expect(toDeclaredAgain(['a', 'b', 'c', 'd', 'e'], 'missing')).toBe(
    'queues a, b, c and 2 more are missing: they are declared again, and their consumers told of what came meanwhile',
  );
});
