import type { Clock } from '../kernel/clock.ts';
import { Fault } from '../kernel/fault.ts';

/** Kept at the end of an invocation for settling what it has begun: the broker may take its time with a hint or a dead letter. */
const reserveMs = 12_000;

/** What an invocation has left of its time. */
export interface TimeLeft {
  /** Longest time for one event. */
  readonly limitMs: number;
  /** Whether an event that is begun now, and takes its whole time, is settled before the invocation is cut off. */
  canBegin(): boolean;
}

/**
 * @param remainingMs of the invocation as it begins; undefined: it has no end
 * @param wantedMs longest time for one event; where the invocation is shorter than that, an event has less
 */
export function createTimeLeft(
  clock: Pick<Clock, 'elapsedMs'>,
  remainingMs: number | undefined,
  wantedMs: number,
): TimeLeft {
  if (remainingMs === undefined) return { limitMs: wantedMs, canBegin: () => true };
  const usableMs = Math.max(remainingMs - reserveMs, remainingMs / 2);
  const limitMs = Math.min(wantedMs, usableMs / 2);
  const lastBeginMs = clock.elapsedMs() + usableMs - limitMs;
  return { limitMs, canBegin: () => clock.elapsedMs() <= lastBeginMs };
}

/**
 * What `work` answers, if it does in time. Afterwards nobody waits for it; its signal aborts.
 *
 * @param work is handed a way to its signal: most never ask for it
 * @throws Fault consumer/timed-out, or what `work` throws
 */
export async function withinTime<Result>(
  clock: Pick<Clock, 'sleep'>,
  limitMs: number,
  work: (context: { readonly signal: AbortSignal }) => Promise<Result>,
): Promise<Result> {
  let over: AbortController | undefined;
  const done = new AbortController();
  const working = work({
    get signal() {
      over ??= new AbortController();
      return over.signal;
    },
  });
  const timer = clock.sleep(limitMs, done.signal).then((): Promise<never> => {
    // Told to end: the race is over, and this promise stays open for nobody.
    if (done.signal.aborted) return new Promise(() => undefined);
    const fault = new Fault('consumer/timed-out', `no end within ${limitMs} ms`);
    over ??= new AbortController();
    over.abort(fault);
    throw fault;
  });
  // Whichever comes second is nobody's any more.
  timer.catch(() => undefined);
  working.catch(() => undefined);
  try {
    return await Promise.race([working, timer]);
  } finally {
    // With a reason of its own: the default one is an error with a stack, made for each event.
    done.abort(working);
  }
}
