import type { Clock } from './clock.ts';

/** How often this process stood still: a Lambda environment between two invocations, a laptop asleep, SIGSTOP. */
export interface Freezes {
  /** Grows by one with each; asking looks anew. */
  readonly count: number;
}

/** How often time is looked at while the process runs. */
const tickMs = 1_000;

/**
 * How long it must have stood still to count. Servers give up a connection whose pings go unanswered, EventStoreDB after 20 s
 * and RabbitMQ after 60 s or more; a shorter pause is survived, and no event loop is ever blocked for so long.
 */
const frozenMs = 10_000;

/**
 * Watches time: where nobody looked for `frozenMs`, nobody could. A timer that was due meanwhile may run before or after
 * whoever asks, so both look. The monotonic clock may stand still in a frozen machine and the wall clock may jump: either
 * one is believed, for to be wrong costs a connection made anew.
 *
 * @param every calls back regularly, without keeping the process alive
 */
export function watchFreezes(
  clock: Pick<Clock, 'now' | 'elapsedMs'>,
  every: (ms: number, tick: () => void) => void = (ms, tick) => setInterval(tick, ms).unref(),
): Freezes {
  const look = () => ({ wallMs: clock.now().getTime(), elapsedMs: clock.elapsedMs() });
  let count = 0;
  let last = look();
  const observe = (): number => {
    const now = look();
    if (Math.max(now.wallMs - last.wallMs, now.elapsedMs - last.elapsedMs) >= frozenMs) count += 1;
    last = now;
    return count;
  };
  every(tickMs, observe);
  return {
    get count() {
      return observe();
    },
  };
}

/** For what runs on without a stop, and for tests. */
export const neverFrozen: Freezes = { count: 0 };
