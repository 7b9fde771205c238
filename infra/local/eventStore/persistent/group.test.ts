import { describe, expect, test } from '@jest/globals';
import { ANY } from '../log/decideAppend.ts';
import { softDelete, tombstone } from '../log/write.ts';
import { GroupBench, ids, revisions, SOURCE, until } from '../testing/groupBench.ts';
import type { Consumer } from './consumer.ts';
import type { Message } from './message.ts';

describe('parked messages', () => {
  /** Five messages, all parked. */
  function parked(): { bench: GroupBench; consumer: Consumer; got: Message[] } {
    const bench = new GroupBench();
    bench.write(5);
    const { consumer, got } = bench.join(10);
    bench.group.reject(consumer, ids(got.splice(0)), 'park', 'no');
    return { bench, consumer, got };
  }

  test('are replayed up to a revision of the parked stream, each once however often they are asked for', () => {
    const { bench, got } = parked();
    for (const stopAt of [2, 2, 1, 4]) bench.group.replayParked(stopAt);
    expect(revisions(got)).toEqual([0, 1, 2, 3]);
    expect(bench.group.parked.count).toBe(1);
  });

  test('are hidden when the last of a replay is settled, and come back to the end when parked again', () => {
    const { bench, consumer, got } = parked();
    bench.group.replayParked(3);
    bench.group.reject(consumer, ids(got.slice(0, 1)), 'park', 'still no');
    bench.group.acknowledge(consumer, ids(got.slice(1)));
    bench.restart();
    expect(bench.group.parked.count).toBe(3);
    expect(bench.parkedData()).toEqual(['0@orders', '1@orders', '2@orders', '3@orders', '4@orders', '0@orders']);
  });

  test('that are rejected again on their way go before what is new', () => {
    const { bench, consumer, got } = parked();
    bench.group.replayParked(2);
    bench.group.reject(consumer, ids(got.slice(0, 1)), 'retry', '');
    expect(got.map(({ place, retryCount }) => [place, retryCount])).toEqual([
      [0, 0],
      [1, 0],
      [0, 1],
    ]);
  });

  test('do not move the checkpoint', () => {
    const { bench, consumer, got } = parked();
    bench.group.tick(Date.now());
    const before = bench.group.checkpoint;
    bench.group.replayParked(5);
    bench.group.acknowledge(consumer, ids(got));
    bench.group.tick(Date.now());
    expect([before, bench.group.checkpoint]).toEqual(['4', '4']);
  });

  test('may be tombstones, whose revision has to be told whole', () => {
    const bench = new GroupBench({}, '$all');
    tombstone(bench.log, 'gone', ANY);
    bench.committer.commit(() => undefined);
    const { consumer, got } = bench.join(10);
    bench.group.reject(consumer, ids(got.slice(0, 1)), 'park', 'no');
    expect(bench.parkedData()).toEqual(['9223372036854775807@gone']);
  });

  test('can be cleared away by deleting their stream', async () => {
    const { bench, consumer, got } = parked();
    softDelete(bench.log, '$persistentsubscription-orders::group-parked', ANY);
    bench.committer.commit(() => undefined);
    expect(bench.group.parked.count).toBe(0);
    bench.group.replayParked(5);
    bench.write(1);
    await until(() => got.length === 1);
    bench.group.reject(consumer, ids(got.splice(0)), 'park', 'no');
    expect(bench.group.parked.count).toBe(1);
    bench.group.replayParked(Number.POSITIVE_INFINITY);
    expect(revisions(got)).toEqual([5]);
  });
});

describe('a group', () => {
  test('gives a consumer whose connection is full no more, and goes on when it has read', () => {
    const bench = new GroupBench();
    bench.write(50);
    let room = 15;
    const { got } = bench.join(
      1000,
      () => room > 0,
      () => room--,
    );
    expect(got).toHaveLength(15);
    room = 10;
    bench.group.resume();
    expect(got).toHaveLength(25);
  });

  test('makes no stream of a name that is only waited for', async () => {
    const bench = new GroupBench();
    expect(bench.log.stream(SOURCE)).toBeUndefined();
    const { got } = bench.join(10);
    bench.write(1);
    await until(() => got.length === 1);
  });

  test('that has stopped takes no notice of what is settled', () => {
    const bench = new GroupBench({ maxCheckpointCount: 1 });
    bench.write(3);
    const { consumer, got } = bench.join(10);
    bench.group.stop();
    const before = bench.log.records.count;
    bench.group.acknowledge(consumer, ids(got.slice(0, 1)));
    bench.group.reject(consumer, ids(got.slice(1)), 'park', 'no');
    bench.group.remove(consumer);
    bench.group.tick(Date.now());
    expect([bench.log.records.count, bench.group.checkpoint]).toEqual([before, undefined]);
  });

  test('lets messages of other consumers overtake when they are pinned', async () => {
    const bench = new GroupBench({ strategy: 'Pinned' }, '$all');
    const one = bench.join(2);
    const two = bench.join(2);
    for (let stream = 0; stream < 4; stream++) bench.write(10, `s-${stream}`);
    await until(() => one.got.length + two.got.length === 4);
    expect([one.got.length, two.got.length]).toEqual([2, 2]);
    bench.group.acknowledge(two.consumer, ids(two.got));
    expect(two.got).toHaveLength(4);
    expect(one.got).toHaveLength(2);
  });
});
