import type { Clock } from '../kernel/clock.ts';

export interface ManualClock extends Clock {
  /** Lets time pass after all that can happen now has; who slept for no longer wakes, and what follows from that happens. */
  pass(ms: number): Promise<void>;
  /** Sets the wall clock alone, as an operator would. */
  setBack(ms: number): void;
}

/** Everything that follows from what has happened, without waiting for anything, has happened. */
const untilIdle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** A clock that stands still until it is told otherwise. */
export function createManualClock(start = '2026-11-23T10:00:00.000Z'): ManualClock {
  let wallMs = Date.parse(start);
  let elapsedMs = 0;
  const sleepers = new Set<{ readonly untilMs: number; readonly wake: () => void }>();
  return {
    now: () => new Date(wallMs),
    elapsedMs: () => elapsedMs,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted) return resolve();
        const sleeper = { untilMs: elapsedMs + ms, wake: resolve };
        sleepers.add(sleeper);
        const abort = (): void => {
          sleepers.delete(sleeper);
          resolve();
        };
        signal?.addEventListener('abort', abort, { once: true });
      }),
    async pass(ms) {
      await untilIdle();
      wallMs += ms;
      elapsedMs += ms;
      for (const sleeper of [...sleepers]) {
        if (sleeper.untilMs > elapsedMs) continue;
        sleepers.delete(sleeper);
        sleeper.wake();
      }
      await untilIdle();
    },
    setBack(ms) {
      wallMs -= ms;
    },
  };
}
