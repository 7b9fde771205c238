/** The only source of time. `now` is for records, `elapsedMs` for durations: it never jumps with the wall clock. */
export interface Clock {
  now(): Date;
  /** Milliseconds since an arbitrary start, monotonic, with fractions. */
  elapsedMs(): number;
  /** Resolves after `ms`, or at once when `signal` aborts; it never rejects. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export const systemClock: Clock = {
  now: () => new Date(),
  // Not `performance`: Node.js loads what is behind it with the first use, 1 ms of each cold start.
  elapsedMs: () => Number(process.hrtime.bigint()) / 1e6,
  sleep: (ms, signal) =>
    new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const done = (): void => {
        clearTimeout(timer);
        signal?.removeEventListener('abort', done);
        resolve();
      };
      const timer = setTimeout(done, ms);
      signal?.addEventListener('abort', done, { once: true });
    }),
};

/** Milliseconds since `startedMs` by the same clock's `elapsedMs`, to the microsecond: for log lines. */
export const durationSince = (clock: Pick<Clock, 'elapsedMs'>, startedMs: number): number =>
  Math.round((clock.elapsedMs() - startedMs) * 1_000) / 1_000;
