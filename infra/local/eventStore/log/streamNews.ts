import type { Stream } from './stream.ts';
import { Waiters } from './waiters.ts';

/** Where to wait for something new. */
export interface News {
  /** `waiter` is called once, when there is something. */
  add(waiter: () => void): void;
  delete(waiter: () => void): void;
}

/** Who waits for what, by stream. Of streams that nobody wrote, only those that are waited for are known. */
export class StreamNews {
  readonly #find: (name: string) => Stream | undefined;
  readonly #awaited = new Map<string, Waiters>();

  constructor(find: (name: string) => Stream | undefined) {
    this.#find = find;
  }

  /** How many streams that are not there are waited for. */
  get awaitedCount(): number {
    return this.#awaited.size;
  }

  /** The news of a stream of this name, whether or not it is there. */
  of(name: string): News {
    return {
      add: (waiter) => this.#waitersOf(name).add(waiter),
      delete: (waiter) => {
        const awaited = this.#awaited.get(name);
        (awaited ?? this.#find(name)?.waiters)?.delete(waiter);
        if (awaited?.isEmpty) this.#awaited.delete(name);
      },
    };
  }

  /** Those who waited for a stream to be there, when it is. */
  take(name: string): Waiters | undefined {
    const awaited = this.#awaited.get(name);
    this.#awaited.delete(name);
    return awaited;
  }

  #waitersOf(name: string): Waiters {
    const stream = this.#find(name);
    if (stream) {
      stream.waiters ??= new Waiters();
      return stream.waiters;
    }
    const awaited = this.#awaited.get(name) ?? new Waiters();
    this.#awaited.set(name, awaited);
    return awaited;
  }
}
