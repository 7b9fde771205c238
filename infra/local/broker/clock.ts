/** Time as the broker needs it; tests put their own in its place. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Runs the task once after the delay, unless the returned function is called before. It keeps no process alive. */
  after(delayMs: number, task: () => void): () => void;
}

/** Node's timers hold at most 2^31 - 1 ms; a longer wait fires early, so tasks look at the clock again. */
const maxDelayMs = 0x7fff_ffff;

export const systemClock: Clock = {
  now: () => Date.now(),
  after: (delayMs, task) => {
    const timer = setTimeout(task, Math.min(Math.max(delayMs, 0), maxDelayMs)).unref();
    return () => clearTimeout(timer);
  },
};
