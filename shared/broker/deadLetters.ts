import type { Failure } from './cursors.ts';
import type { EventMessage } from './message.ts';
import type { OutgoingMessage } from './publisher.ts';
import type { IncomingMessage } from './rmqBatch.ts';
import { slotOf } from './slots.ts';
import { toBody } from './toBody.ts';
import { deadLetterQueue, exchanges, hintKey } from './topology.ts';

/** Header values have an end; a message's whole error is in the logs. */
const maxErrorLength = 1_000;

/** A stream that is blocked: its next event, with why it failed. A redrive goes on from the cursor, not from this message. */
export function toDeadLetter(
  consumer: string,
  message: EventMessage,
  failure: Failure,
  attempts: number,
  now: Date,
): OutgoingMessage {
  const { stream, revision, event } = message;
  return {
    exchange: '',
    routingKey: deadLetterQueue(consumer),
    // The same failure told twice is the same dead letter.
    messageId: `${consumer}/${stream}@${revision}`,
    type: event?.type ?? 'hint',
    ...(event && { correlationId: event.metadata.correlationId }),
    timestamp: now,
    headers: {
      reason: 'blocked',
      code: failure.code,
      error: failure.message.slice(0, maxErrorLength),
      attempts,
      firstFailedAt: failure.firstAt,
      lastFailedAt: failure.lastAt,
      stream,
      revision: String(revision),
    },
    body: toBody(message),
  };
}

/** A message that can't be read: kept as it came. */
export function toMalformedDeadLetter(
  consumer: string,
  message: IncomingMessage,
  reason: string,
  now: Date,
): OutgoingMessage {
  return {
    exchange: '',
    routingKey: deadLetterQueue(consumer),
    messageId: message.messageId ?? `${consumer}/${now.toISOString()}`,
    type: 'malformed',
    ...(message.correlationId === undefined ? {} : { correlationId: message.correlationId }),
    timestamp: now,
    headers: { reason: 'malformed', error: reason.slice(0, maxErrorLength), queue: message.queue },
    body: message.body,
  };
}

/** A hint that comes back to the consumer after `delayMs` (one of the topology's), announcing `attempt`; 0: none failed. */
export function toRetryHint(
  consumer: string,
  { stream, revision, attempt }: { readonly stream: string; readonly revision: bigint; readonly attempt: number },
  delayMs: number,
  now: Date,
): OutgoingMessage {
  return {
    exchange: exchanges.retries,
    routingKey: hintKey(consumer, delayMs, slotOf(stream)),
    messageId: `${consumer}/${stream}@${revision}#${attempt}`,
    type: 'hint',
    timestamp: now,
    headers: { stream, revision: String(revision), attempt },
    body: toBody({ stream, revision, ...(attempt === 0 ? {} : { attempt }) }),
  };
}
