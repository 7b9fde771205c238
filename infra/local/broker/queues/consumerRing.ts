import type { Consumer } from './consumer.ts';

/**
 * The consumers of one queue in turn, highest priority first. One that has no room is set aside until it says it has
 * some again, so that a message costs no walk over the busy ones.
 */
export class ConsumerRing {
  readonly #isSingleActive: boolean;
  /** In the order in which they are next, by priority. */
  #waiting: Consumer[] = [];
  readonly #busy = new Set<Consumer>();
  /** In the order in which they came, by priority: with a single active consumer, the first is active. */
  #all: Consumer[] = [];

  constructor(isSingleActive: boolean) {
    this.#isSingleActive = isSingleActive;
  }

  get count(): number {
    return this.#all.length;
  }

  get all(): readonly Consumer[] {
    return this.#all;
  }

  add(consumer: Consumer): void {
    insertByPriority(this.#waiting, consumer);
    const [active, ...others] = this.#all;
    if (this.#isSingleActive && active) {
      insertByPriority(others, consumer);
      this.#all = [active, ...others];
    } else {
      insertByPriority(this.#all, consumer);
    }
  }

  /** Whether it was there. */
  remove(consumer: Consumer): boolean {
    if (!this.#all.includes(consumer)) return false;
    this.#all = this.#all.filter((other) => other !== consumer);
    this.#waiting = this.#waiting.filter((other) => other !== consumer);
    this.#busy.delete(consumer);
    return true;
  }

  /** The next consumer with room; it goes to the end of its priority's turn. */
  next(): Consumer | undefined {
    if (this.#isSingleActive) {
      const active = this.#all[0];
      return active?.hasRoom() ? active : undefined;
    }
    for (;;) {
      const consumer = this.#waiting[0];
      if (consumer === undefined) return undefined;
      if (consumer.hasRoom()) {
        if (this.#waiting.length > 1) {
          this.#waiting.shift();
          insertByPriority(this.#waiting, consumer);
        }
        return consumer;
      }
      this.#waiting.shift();
      this.#busy.add(consumer);
    }
  }

  /** It may have room again. */
  wake(consumer: Consumer): void {
    if (this.#busy.delete(consumer)) insertByPriority(this.#waiting, consumer);
  }
}

function insertByPriority(list: Consumer[], consumer: Consumer): void {
  let at = list.length;
  while (at > 0 && (list[at - 1]?.priority ?? 0) < consumer.priority) at -= 1;
  if (at === list.length) list.push(consumer);
  else list.splice(at, 0, consumer);
}
