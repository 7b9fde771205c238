import type { EventLog } from '../log/eventLog.ts';

/** By which part of the lag a record may be early, so that a burst takes a few timers and not thousands. */
const TOLERANCE = 0.02;

/**
 * Shows the log as it was a fixed time ago. Each record is late by that much, not by up to a tick: applications that
 * write and then begin to follow a projection rely on its output coming after.
 */
export class DelayLine {
  /** Records below this ordinal are old enough. */
  bound: number;
  readonly #log: EventLog;
  readonly #lagMs: number;
  readonly #onBound: () => void;
  readonly #timers = new Set<NodeJS.Timeout>();
  #newest: { visible: number; readonly atMs: number } | undefined;
  readonly #wake = (): void => this.#onNews();

  constructor(log: EventLog, lagMs: number, onBound: () => void) {
    this.#log = log;
    this.#lagMs = lagMs;
    this.#onBound = onBound;
    this.bound = log.visible;
    log.waiters.add(this.#wake);
  }

  close(): void {
    this.#log.waiters.delete(this.#wake);
    for (const timer of this.#timers) clearTimeout(timer);
  }

  #onNews(): void {
    this.#log.waiters.add(this.#wake);
    const { visible } = this.#log;
    const atMs = performance.now();
    if (this.#newest && atMs - this.#newest.atMs < this.#lagMs * TOLERANCE) {
      this.#newest.visible = visible;
      return;
    }
    const entry = { visible, atMs };
    this.#newest = entry;
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      if (this.#newest === entry) this.#newest = undefined;
      this.bound = entry.visible;
      this.#onBound();
    }, this.#lagMs);
    this.#timers.add(timer);
  }
}
