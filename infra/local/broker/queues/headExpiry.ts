import type { Clock } from '../clock.ts';
import type { QueuedMessage } from './queuedMessage.ts';
import type { ReadyMessages } from './readyMessages.ts';

/** So many expired messages go in one turn; then others have theirs. */
const turnMessages = 1000;

/**
 * Expires messages at a queue's head the moment they are due. A message behind one that lives longer waits for it, as
 * in RabbitMQ. One timer a queue, and only while its head can expire: nothing is set or cleared for each message.
 */
export class HeadExpiry {
  readonly #clock: Clock;
  readonly #ready: ReadyMessages;
  readonly #expired: (queued: QueuedMessage) => void;
  #armedFor = Number.POSITIVE_INFINITY;
  #cancel: (() => void) | undefined;

  constructor(clock: Clock, ready: ReadyMessages, expired: (queued: QueuedMessage) => void) {
    this.#clock = clock;
    this.#ready = ready;
    this.#expired = expired;
  }

  /** Takes out what is due at the head, and sets the timer for what is due next. Call when the head may be new. */
  watch(): void {
    const first = this.#ready.first();
    if (first === undefined || first.expiresAt >= this.#armedFor) return;
    this.#arm(first.expiresAt);
  }

  /** Expires what is due now, so that nobody is given it. */
  sweep(): void {
    for (let turn = 0; turn < turnMessages; turn += 1) {
      const first = this.#ready.first();
      if (first === undefined || first.expiresAt === Number.POSITIVE_INFINITY) return;
      if (first.expiresAt > this.#clock.now()) return;
      this.#ready.take();
      this.#expired(first);
    }
  }

  stop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
    this.#armedFor = Number.POSITIVE_INFINITY;
  }

  #arm(atMs: number): void {
    this.#cancel?.();
    this.#armedFor = atMs;
    this.#cancel = this.#clock.after(atMs - this.#clock.now(), () => {
      this.#cancel = undefined;
      this.#armedFor = Number.POSITIVE_INFINITY;
      this.sweep();
      this.watch();
    });
  }
}
