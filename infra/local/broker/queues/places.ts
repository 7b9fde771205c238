import type { QueueSettings } from './queueSettings.ts';

/** Why a message comes back: its consumer asked for that, or is gone. */
export type ReturnCause = 'requeued' | 'lost';

/** Numbers the places of a queue's messages, as they arrive and as they come back. Observed on RabbitMQ 3.10. */
export class Places {
  readonly #settings: QueueSettings;
  #last = 0;
  /** Before every arrival, yet in the order of coming back. */
  #lastReturned = Number.MIN_SAFE_INTEGER;

  constructor(settings: QueueSettings) {
    this.#settings = settings;
  }

  next(): number {
    this.#last += 1;
    return this.#last;
  }

  /**
   * A classic queue puts a message back where it was. A quorum queue puts it first; but one that was requeued without a
   * delivery limit to stop that goes last, so that the others get their turn.
   */
  returned(place: number, cause: ReturnCause): number {
    if (this.#settings.type === 'classic') return place;
    if (cause === 'requeued' && this.#settings.deliveryLimit === Number.POSITIVE_INFINITY) return this.next();
    this.#lastReturned += 1;
    return this.#lastReturned;
  }
}
