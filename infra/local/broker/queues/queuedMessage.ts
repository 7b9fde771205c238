import type { Message } from './message.ts';

/** A message in one queue. */
export interface QueuedMessage {
  readonly message: Message;
  /** Its place among those that wait: the lowest is first. */
  place: number;
  readonly priority: number;
  /** Milliseconds since the epoch; Infinity where it does not expire. */
  readonly expiresAt: number;
  /** How often it was delivered and came back. */
  deliveryCount: number;
  isRedelivered: boolean;
}
