import type { Clock } from '../clock.ts';

/** A clock that stands until it is moved; what falls due on the way runs in order. */
export class FakeClock implements Clock {
  #nowMs: number;
  #tasks: { readonly atMs: number; readonly run: () => void }[] = [];
  /** How many timers were ever set. */
  timersSet = 0;

  constructor(startMs = 1_700_000_000_000) {
    this.#nowMs = startMs;
  }

  readonly now = (): number => this.#nowMs;

  after(delayMs: number, run: () => void): () => void {
    const task = { atMs: this.#nowMs + Math.max(delayMs, 0), run };
    this.timersSet += 1;
    this.#tasks.push(task);
    return () => {
      this.#tasks = this.#tasks.filter((other) => other !== task);
    };
  }

  advance(ms: number): void {
    const end = this.#nowMs + ms;
    for (;;) {
      const [next] = this.#tasks.filter((task) => task.atMs <= end).sort((left, right) => left.atMs - right.atMs);
      if (next === undefined) break;
      this.#tasks = this.#tasks.filter((task) => task !== next);
      this.#nowMs = Math.max(this.#nowMs, next.atMs);
      next.run();
    }
    this.#nowMs = end;
  }
}
