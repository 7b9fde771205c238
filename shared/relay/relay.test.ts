import { describe, expect, test } from '@jest/globals';
import type { OutgoingMessage, Sender } from '../broker/publisher.ts';
import { systemClock } from '../kernel/clock.ts';
import { Fault } from '../kernel/fault.ts';
import { silentLogger } from '../observe/logger.ts';
import type { Position } from '../store/eventStore.ts';
import { createInMemoryEventStore } from '../store/inMemoryEventStore.ts';
import { newEvent } from '../testing/builders.ts';
import { createInMemoryLeaseRow } from './inMemoryLease.ts';
import type { Lease } from './lease.ts';
import { runRelay } from './relay.ts';

/** A relay over ports in memory, with a clock that never waits long. */
function makeRelay() {
  const store = createInMemoryEventStore();
  const published: OutgoingMessage[] = [];
  const saved: Position[] = [];
  let held: (() => void)[] | undefined;
  let failure: ((message: OutgoingMessage) => Fault | undefined) | undefined;
  let heard = Promise.withResolvers<void>();
  const tell = (): void => {
    heard.resolve();
    heard = Promise.withResolvers();
  };
  const stop = new AbortController();

  const sender: Sender = {
    send(message, settled) {
      const fault = failure?.(message);
      if (fault) {
        settled(fault);
        return true;
      }
      published.push(message);
      tell();
      if (held) held.push(() => settled(undefined));
      else queueMicrotask(() => settled(undefined));
      return true;
    },
  };
  let aheadMs = 0;
  const clock = {
    ...systemClock,
    elapsedMs: () => systemClock.elapsedMs() + aheadMs,
    sleep: (ms: number, signal?: AbortSignal) => systemClock.sleep(Math.min(ms, 1), signal),
  };
  const row = createInMemoryLeaseRow(clock);
  const newLease = (): Lease => {
    const lease = row.newLease();
    return {
      async tryAcquire() {
        const mine = await lease.tryAcquire();
        if (!mine) return undefined;
        const note = (position: Position | undefined): void => {
          if (position && position !== saved.at(-1)) saved.push(position);
          tell();
        };
        return {
          fencing: mine.fencing,
          position: mine.position,
          get isLost() {
            return mine.isLost;
          },
          async renew(position) {
            const isMine = await mine.renew(position);
            if (isMine) note(position);
            return isMine;
          },
          async release(position) {
            await mine.release(position);
            note(position);
          },
        };
      },
    };
  };
  return {
    store,
    published,
    saved,
    newLease,
    start: (windowSize = 100) =>
      runRelay(
        { store, publisher: { ready: async () => sender }, lease: newLease(), clock, logger: silentLogger },
        stop.signal,
        { windowSize },
      ),
    stop: () => stop.abort(),
    /** As after a pause of the whole process. */
    jump: (ms: number) => {
      aheadMs += ms;
    },
    /** From now on confirms wait until the answer is called with a number of them. */
    holdConfirms() {
      held = [];
      return (count: number): void => {
        for (const confirm of held?.splice(0, count) ?? []) confirm();
      };
    },
    failWhen: (condition: typeof failure) => {
      failure = condition;
    },
    async until(isReached: () => boolean) {
      while (!isReached()) await heard.promise;
    },
    append: async (stream: string, count: number, from = 0) => {
      const events = Array.from({ length: count }, (_, n) => newEvent(stream, { n: from + n }));
      await store.append(stream, events, from === 0 ? 'no-stream' : BigInt(from - 1));
    },
  };
}

const revisions = (messages: readonly OutgoingMessage[]) => messages.map(({ headers }) => Number(headers['revision']));

describe('relay', () => {
  test('publishes what is there and what comes, in store order, each to its slot', async () => {
    const relay = makeRelay();
    await relay.append('order-1', 2);
    await relay.append('other-1', 1);
    const running = relay.start();
    await relay.until(() => relay.published.length === 2);
    await relay.append('stock-mug', 1);
    await relay.until(() => relay.published.length === 3);
    relay.stop();
    await running;
    expect(relay.published.map(({ exchange, routingKey }) => [exchange, routingKey])).toEqual([
      ['order-events', 'order.Happened.15'],
      ['order-events', 'order.Happened.15'],
      ['order-events', 'stock.Happened.08'],
    ]);
    expect(relay.published[0]).toMatchObject({
      type: 'Happened',
      correlationId: 'correlation-1',
      headers: { stream: 'order-1', revision: '0', position: '1', schemaVersion: 1, causationId: 'cause-1' },
    });
  });

  test('the checkpoint never passes what is not confirmed, and reaches the end when all is', async () => {
    const relay = makeRelay();
    const confirm = relay.holdConfirms();
    await relay.append('order-1', 5);
    const running = relay.start();
    await relay.until(() => relay.published.length === 5);
    expect(relay.saved).toEqual([]);
    confirm(3);
    await relay.until(() => relay.saved.length > 0);
    expect(relay.saved.at(-1)?.commit).toBe(3n);
    confirm(2);
    await relay.until(() => relay.saved.at(-1)?.commit === 5n);
    relay.stop();
    await running;
  });

  test('moves on over events that nobody follows', async () => {
    const relay = makeRelay();
    await relay.append('unfollowed-1', 4);
    const running = relay.start();
    await relay.until(() => relay.saved.at(-1)?.commit === 4n);
    relay.stop();
    await running;
    expect(relay.published).toEqual([]);
  });

  test('reads no further than its window while nothing is confirmed', async () => {
    const relay = makeRelay();
    const confirm = relay.holdConfirms();
    await relay.append('order-1', 10);
    const running = relay.start(3);
    await relay.until(() => relay.published.length === 3);
    confirm(1);
    await relay.until(() => relay.published.length === 4);
    confirm(100);
    await relay.until(() => relay.published.length === 7);
    relay.stop();
    confirm(100);
    await running;
    expect(relay.published.length).toBe(7);
  });

  test('after a failure it starts again from the checkpoint: repeats, and nothing left out', async () => {
    const relay = makeRelay();
    await relay.append('order-1', 20);
    let failures = 3;
    relay.failWhen(({ headers }) => {
      if (headers['revision'] !== '11' || failures === 0) return undefined;
      failures -= 1;
      return new Fault('broker/unavailable', 'gone');
    });
    const running = relay.start(5);
    await relay.until(() => revisions(relay.published).includes(19));
    relay.stop();
    await running;
    const first = [...new Set(revisions(relay.published))];
    expect(first).toEqual(Array.from({ length: 20 }, (_, n) => n));
    expect(relay.saved.at(-1)?.commit).toBe(20n);
  });

  test('when it is stopped it waits for what is under way and writes the checkpoint', async () => {
    const relay = makeRelay();
    const confirm = relay.holdConfirms();
    await relay.append('order-1', 4);
    const running = relay.start();
    await relay.until(() => relay.published.length === 4);
    relay.stop();
    confirm(4);
    await running;
    expect(relay.saved.at(-1)?.commit).toBe(4n);
  });

  test('a second start goes on where the first has ended', async () => {
    const relay = makeRelay();
    await relay.append('order-1', 3);
    const before = await relay.newLease().tryAcquire();
    await before?.release({ commit: 2n, prepare: 2n });
    const running = relay.start();
    await relay.until(() => relay.published.length === 1);
    relay.stop();
    await running;
    expect(revisions(relay.published)).toEqual([2]);
  });

  test('of two that run one publishes; when it ends the other goes on', async () => {
    const relay = makeRelay();
    await relay.append('order-1', 50);
    const running = [relay.start(), relay.start()];
    await relay.until(() => relay.published.length >= 50);
    await relay.append('order-2', 50);
    await relay.until(() => relay.published.length >= 100);
    relay.stop();
    await Promise.all(running);
    expect(relay.published).toHaveLength(100);
  });

  test('one that lost its lease neither publishes nor moves the checkpoint', async () => {
    const relay = makeRelay();
    const confirm = relay.holdConfirms();
    await relay.append('order-1', 5);
    const running = relay.start(2);
    await relay.until(() => relay.published.length === 2);
    const standby = relay.newLease();
    expect(await standby.tryAcquire()).toBeUndefined();
    relay.jump(6_000);
    const rival = await standby.tryAcquire();
    confirm(2);
    relay.stop();
    await running;
    expect(relay.published).toHaveLength(2);
    expect(rival?.fencing).toBe(2);
    expect(relay.saved).toEqual([]);
  });

  test('a malformed event is told as a hint and does not stop the line', async () => {
    const relay = makeRelay();
    await relay.append('order-1', 2);
    const readAll = relay.store.readAll;
    relay.store.readAll = async function* (options) {
      for await (const batch of readAll.call(relay.store, options)) {
        yield batch.map((item) =>
          item.kind === 'event' && item.event.revision === 0n
            ? { kind: 'malformed', stream: 'order-1', revision: 0n, position: item.position, reason: 'not JSON' }
            : item,
        );
      }
    };
    const running = relay.start();
    await relay.until(() => relay.saved.at(-1)?.commit === 2n);
    relay.stop();
    await running;
    expect(relay.published.map(({ type, routingKey }) => [type, routingKey])).toEqual([
      ['hint', 'order.malformed.15'],
      ['Happened', 'order.Happened.15'],
    ]);
  });
});
