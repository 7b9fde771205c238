import { guarded } from './guarded.ts';

/** Those who wait for something new. Each is called once, after the code that brought the news has run to its end. */
export class Waiters {
  #waiting = new Set<() => void>();
  #isScheduled = false;

  get isEmpty(): boolean {
    return this.#waiting.size === 0;
  }

  add(waiter: () => void): void {
    this.#waiting.add(waiter);
  }

  delete(waiter: () => void): void {
    this.#waiting.delete(waiter);
  }

  wake(): void {
    if (this.#isScheduled || this.#waiting.size === 0) return;
    this.#isScheduled = true;
    queueMicrotask(() => {
      this.#isScheduled = false;
      const woken = this.#waiting;
      this.#waiting = new Set();
      for (const waiter of woken) guarded('one who waited for news', waiter);
    });
  }
}
