import { setImmediate } from 'node:timers/promises';
import { describe, expect, test } from '@jest/globals';
import { openAccess } from '../../access/access.ts';
import { createMemoryCommitter } from '../../log/committer.ts';
import { ANY } from '../../log/decideAppend.ts';
import { EventLog } from '../../log/eventLog.ts';
import { append, newEventId, softDelete, tombstone } from '../../log/write.ts';
import { FakeCall } from '../../testing/fakeCall.ts';
import { subscribeStream } from './subscribeStream.ts';

/** A log and subscriptions to one of its streams. */
class Bench {
  readonly log = new EventLog(() => 1_700_000_000_000);
  readonly #committer = createMemoryCommitter(this.log);
  readonly #calls: FakeCall[] = [];

  /** With a stream that was deleted, and can be written again. */
  static async withDeleted(count: number): Promise<Bench> {
    const bench = new Bench();
    await bench.write(count);
    softDelete(bench.log, 's', ANY);
    await bench.settle();
    return bench;
  }

  async write(count = 1, type = 'T', data = '', name = 's'): Promise<void> {
    const event = { type, isJson: true, metadata: Buffer.alloc(0), data: Buffer.from(data) };
    append(
      this.log,
      name,
      ANY,
      Array.from({ length: count }, () => ({ ...event, id: newEventId() })),
    );
    await this.settle();
  }

  async settle(): Promise<void> {
    this.#committer.commit(() => undefined);
    for (let turn = 0; turn < 20; turn++) await setImmediate();
  }

  subscribe(from: 'start' | 'end' | number, appetite?: number): FakeCall {
    const call = new FakeCall(appetite);
    this.#calls.push(call);
    const context = { log: this.log, committer: this.#committer, maxAppendBytes: 1024, access: openAccess };
    const query = { kind: 'streamSubscription', resolvesLinks: false, uuidAsText: true, name: 's', from } as const;
    void subscribeStream(context, query, call.output).catch((error: unknown) => call.output.fail(error));
    return call;
  }
}

const DELETED = "error Event stream 's' is deleted.";

describe('a subscription to a stream', () => {
  test('gets nothing of what was hidden when a deleted stream is tombstoned', async () => {
    const bench = await Bench.withDeleted(3);
    const calls = [bench.subscribe('start'), bench.subscribe(0)];
    await bench.settle();
    expect(calls.map(({ told }) => told)).toEqual([[], []]);
    tombstone(bench.log, 's', ANY);
    await bench.settle();
    expect(calls.map(({ told }) => told)).toEqual([[DELETED], [DELETED]]);
  });

  test('that is live gets the tombstone before its end', async () => {
    const bench = new Bench();
    await bench.write(1);
    const call = bench.subscribe('start');
    await bench.settle();
    tombstone(bench.log, 's', ANY);
    await bench.settle();
    expect(call.told).toEqual(['s 0', 'caught up', 's 9223372036854775807', DELETED]);
  });

  test('goes on with a stream that is written again after its deletion', async () => {
    const bench = await Bench.withDeleted(2);
    const call = bench.subscribe('start');
    await bench.write(1);
    expect(call.told).toEqual(['s 2', 'caught up']);
  });

  test('has caught up when metadata brings a deleted stream back, without events', async () => {
    const bench = await Bench.withDeleted(2);
    const call = bench.subscribe('start');
    await bench.settle();
    await bench.write(1, '$metadata', '{}', '$$s');
    expect(call.told).toEqual(['caught up']);
  });

  test('to a tombstoned stream is not even confirmed, except from its end, where nothing more comes', async () => {
    const bench = new Bench();
    tombstone(bench.log, 's', ANY);
    await bench.settle();
    const [start, end] = [bench.subscribe('start'), bench.subscribe('end')];
    await bench.settle();
    expect([start.isConfirmed, start.told]).toEqual([false, [DELETED]]);
    expect([end.isConfirmed, end.told]).toEqual([true, ['caught up']]);
  });

  test('leaves nothing behind of a stream that nobody wrote', async () => {
    const bench = new Bench();
    const calls = [bench.subscribe('start'), bench.subscribe('end')];
    await bench.settle();
    expect([bench.log.streamCount, bench.log.news.awaitedCount]).toEqual([0, 1]);
    for (const call of calls) call.output.end();
    expect([bench.log.streamCount, bench.log.news.awaitedCount]).toEqual([0, 0]);
  });

  test('hears of a stream that is written after two came and one left', async () => {
    const bench = new Bench();
    const [left, stays] = [bench.subscribe('start'), bench.subscribe('end')];
    await bench.settle();
    left.output.end();
    await bench.write(2);
    expect([left.told, stays.told]).toEqual([[], ['caught up', 's 0', 's 1']]);
    expect(bench.log.news.awaitedCount).toBe(0);
  });
});
