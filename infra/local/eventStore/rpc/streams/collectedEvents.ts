import type { ProposedEvent } from '../../log/eventLog.ts';
import type { MessageValue } from '../../wire/message.ts';
import { toProposedEvent } from '../../wire/proposed.ts';
import { InvalidRequest } from '../../wire/shared.ts';
import type { ProposedMessage } from '../../wire/streams.ts';

/** The events of an append have more data than one may have. */
export class AppendTooLarge extends Error {
  readonly maxBytes: number;

  constructor(maxBytes: number) {
    super(`Maximum Append Size of ${maxBytes} Exceeded.`);
    this.maxBytes = maxBytes;
  }
}

/** What an append may come to with metadata, types and what every event costs: all of it waits here for its end. */
const MOST_BYTES = 64 * 1024 * 1024;
const BYTES_AN_EVENT = 256;

/** The events of an append that is still arriving. */
export class CollectedEvents {
  readonly events: ProposedEvent[] = [];
  readonly #maxDataBytes: number;
  #dataBytes = 0;
  #bytes = 0;

  /** `maxDataBytes` bounds the sum of data alone, as on the real server. */
  constructor(maxDataBytes: number) {
    this.#maxDataBytes = maxDataBytes;
  }

  /** Throws {@link AppendTooLarge}, `MissingMetadata` or `InvalidRequest`. */
  add(message: MessageValue<typeof ProposedMessage>): void {
    const event = toProposedEvent(message);
    this.#dataBytes += event.data.length;
    this.#bytes += event.data.length + event.metadata.length + event.type.length + BYTES_AN_EVENT;
    if (this.#dataBytes > this.#maxDataBytes) throw new AppendTooLarge(this.#maxDataBytes);
    if (this.#bytes > Math.max(MOST_BYTES, 2 * this.#maxDataBytes)) {
      throw new InvalidRequest('The events of one append come to too many bytes with their metadata.');
    }
    this.events.push(event);
  }
}
