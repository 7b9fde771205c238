import type { Message } from './message.ts';
import type { QueueSettings } from './queueSettings.ts';
import type { ReadyMessages } from './readyMessages.ts';

/** Whether a queue that rejects when full is full. Only what waits counts, not what consumers hold. */
export function rejects({ overflow, maxLength, maxBytes }: QueueSettings, ready: ReadyMessages): boolean {
  return overflow !== 'drop-head' && (ready.count >= maxLength || ready.bodyBytes >= maxBytes);
}

/** Whether a queue that drops its oldest has one too many. */
export function hasExcess({ overflow, maxLength, maxBytes }: QueueSettings, ready: ReadyMessages): boolean {
  return overflow === 'drop-head' && (ready.count > maxLength || ready.bodyBytes > maxBytes);
}

/** When a message that arrives now is over: the sooner of its own expiration and the queue's time to live. */
export function expiresAt(settings: QueueSettings, message: Message, now: () => number): number {
  const { expiration } = message;
  const own = expiration === undefined ? Number.POSITIVE_INFINITY : Number(expiration);
  const ttlMs = Math.min(own, settings.messageTtlMs ?? Number.POSITIVE_INFINITY);
  return ttlMs === Number.POSITIVE_INFINITY ? ttlMs : now() + ttlMs;
}
