import type { Clock } from '../clock.ts';

/** `x-expires`: says so when a queue has not been used for that long. A use costs one reading of the clock. */
export class UnusedQueueTimer {
  readonly #clock: Clock;
  readonly #expiresMs: number | undefined;
  readonly #unused: () => void;
  #usedAt: number;
  #cancel: (() => void) | undefined;

  constructor(clock: Clock, expiresMs: number | undefined, unused: () => void) {
    this.#clock = clock;
    this.#expiresMs = expiresMs;
    this.#unused = unused;
    this.#usedAt = clock.now();
    this.#arm();
  }

  touch(): void {
    if (this.#expiresMs === undefined) return;
    this.#usedAt = this.#clock.now();
    if (this.#cancel === undefined) this.#arm();
  }

  stop(): void {
    this.#cancel?.();
  }

  #arm(): void {
    if (this.#expiresMs === undefined) return;
    const dueAt = this.#usedAt + this.#expiresMs;
    this.#cancel = this.#clock.after(dueAt - this.#clock.now(), () => {
      this.#cancel = undefined;
      if (this.#clock.now() >= this.#usedAt + (this.#expiresMs ?? 0)) this.#unused();
      else this.#arm();
    });
  }
}
