import type { OutgoingMessage, Sender } from '../broker/publisher.ts';
import { systemClock } from '../kernel/clock.ts';
import type { Fault } from '../kernel/fault.ts';
import { silentLogger } from '../observe/logger.ts';
import type { Metrics } from '../observe/metrics.ts';
import { createInMemoryLeaseRow } from '../relay/inMemoryLease.ts';
import type { Lease } from '../relay/lease.ts';
import { runRelay } from '../relay/relay.ts';
import type { RelayDeps } from '../relay/relayDeps.ts';
import { createRelayStatus } from '../relay/status.ts';
import type { Position } from '../store/eventStore.ts';
import { createInMemoryEventStore } from '../store/inMemoryEventStore.ts';
import { newEvent } from './builders.ts';

/** A relay over ports in memory, with a clock that never waits long. */
export function makeRelay() {
  const store = createInMemoryEventStore();
  const published: OutgoingMessage[] = [];
  const saved: Position[] = [];
  let held: (() => void)[] | undefined;
  const figures: (readonly [string, number])[] = [];
  const metrics: Metrics = { add: (name, _unit, value) => figures.push([name, value]), flush: () => undefined };
  let unreachable: Fault | undefined;
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
        setImmediate(() => settled(fault));
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
    sleep(ms: number, signal?: AbortSignal) {
      tell();
      return systemClock.sleep(Math.min(ms, 1), signal);
    },
  };
  const row = createInMemoryLeaseRow(clock);
  const newLease = (categories?: readonly string[]): Lease => {
    const lease = row.newLease(categories);
    return {
      timing: lease.timing,
      categories: lease.categories,
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
          backlog: mine.backlog,
          get isLost() {
            return mine.isLost;
          },
          async renew(position, ...more) {
            const isMine = await mine.renew(position, ...more);
            if (isMine) note(position);
            return isMine;
          },
          async release(position, ...more) {
            await mine.release(position, ...more);
            note(position);
          },
        };
      },
    };
  };
  const newDeps = (categories?: readonly string[]): RelayDeps => ({
    store,
    publisher: {
      async ready() {
        if (unreachable) throw unreachable;
        return sender;
      },
      readDepth: async () => 2,
    },
    lease: newLease(categories),
    clock,
    logger: silentLogger,
    metrics,
  });
  return {
    store,
    published,
    saved,
    newLease,
    rewind: row.rewind,
    figures,
    newDeps,
    start: (
      windowSize = 100,
      status = createRelayStatus(),
      categories?: readonly string[],
      signal: AbortSignal = stop.signal,
    ) => runRelay(newDeps(categories), signal, { windowSize }, status),
    signal: stop.signal,
    stop: () => stop.abort(),
    /** As after a pause of the whole process. */
    jump: (ms: number) => {
      aheadMs += ms;
    },
    /** From now on confirms wait until the answer is called with a number of them, and where among them to begin. */
    holdConfirms() {
      held = [];
      return (count: number, from = 0): void => {
        for (const confirm of held?.splice(from, count) ?? []) confirm();
      };
    },
    /** From now on nobody gets to the broker, or everybody again. */
    failReaching: (fault: Fault | undefined) => {
      unreachable = fault;
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
