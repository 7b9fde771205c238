import type { Message } from './message.ts';
import { MessageQueue } from './messageQueue.ts';

/** Where messages come from, in the order of their places. */
export interface MessageSource {
  /**
   * The next message at or after the pointer, which moves past it; undefined when there is none yet. `later`: there may
   * be one, but others have to get their turn first.
   */
  next(): Message | 'later' | undefined;
  /** The place of the next message at the earliest. */
  readonly pointer: number;
}

/** The messages of one source from their reading to their settling. */
export class Feed<S extends MessageSource> {
  readonly source: S;
  /** Those to be delivered again. */
  readonly retries = new MessageQueue();
  /** Those that were read while an earlier one had to wait for its consumer. */
  readonly readAhead = new MessageQueue();
  readonly #unsettled = new MessageQueue();

  constructor(source: S) {
    this.source = source;
  }

  /** Reads one more to deliver. */
  next(): ReturnType<MessageSource['next']> {
    const message = this.source.next();
    if (message !== undefined && message !== 'later') this.#unsettled.add(message);
    return message;
  }

  settle(message: Message): void {
    this.#unsettled.delete(message);
  }

  /** Everything before this place is settled. */
  get settledBelow(): number {
    return this.#unsettled.first?.place ?? this.source.pointer;
  }
}
