import { expect, test } from '@jest/globals';
import { LINK_TYPE } from '../log/eventType.ts';
import { GroupBench, ids, revisions, until } from '../testing/groupBench.ts';

/** More than a call can have arguments. */
const MANY = 130_000;

test('a group hands out any number of messages in turns, settles them, and says how far it is', async () => {
  const bench = new GroupBench();
  bench.write(MANY);
  const { consumer, got } = bench.join(MANY);
  expect(got.length).toBeLessThan(1000);
  await until(() => got.length === MANY);
  bench.group.tick(Date.now());
  expect(bench.group.inFlightCount).toBe(MANY);
  bench.group.acknowledge(consumer, ids(got.slice(0, 10)));
  bench.group.acknowledge(consumer, ids(got.slice(11)));
  bench.group.tick(Date.now());
  expect(bench.group.checkpoint).toBe('9');
  bench.group.remove(consumer);
  expect(revisions(bench.join(10).got)).toEqual([10]);
});

test('what was with a consumer for too long is delivered again, however much it is', async () => {
  const bench = new GroupBench({ messageTimeoutMs: 0, maxRetryCount: 1 });
  bench.write(12_000);
  const { got } = bench.join(12_000);
  await until(() => got.length === 12_000);
  bench.group.tick(Date.now() + 1);
  await until(() => got.length === 24_000);
  expect(got.slice(12_000).every(({ retryCount }) => retryCount === 1)).toBe(true);
});

test('any number of parked messages is replayed, and none is lost when the process dies in between', async () => {
  const bench = new GroupBench();
  bench.write(MANY, '$persistentsubscription-orders::group-parked', LINK_TYPE, (n) => `${n}@none`);
  bench.restart();
  expect(bench.group.parked.count).toBe(MANY);
  bench.group.replayParked(Number.POSITIVE_INFINITY);
  const { consumer, got } = bench.join(MANY);
  await until(() => got.length === MANY);
  expect(bench.group.parked.count).toBe(0);
  expect(got.every(({ isReplayed, place }, index) => isReplayed && place === index)).toBe(true);
  bench.group.acknowledge(consumer, ids(got.slice(0, 5)));
  bench.group.acknowledge(consumer, ids(got.slice(7)));
  bench.group.tick(Date.now());

  bench.restart();
  expect(bench.group.parked.count).toBe(MANY - 5);
  bench.group.replayParked(7);
  expect(revisions(bench.join(10).got)).toEqual([5, 6]);
});
