import { categoryOf } from '../store/eventStore.ts';
import type { Failure } from './cursors.ts';
import type { EventMessage } from './message.ts';
import type { OutgoingMessage } from './publisher.ts';
import type { IncomingMessage } from './rmqBatch.ts';
import { slotOf } from './slots.ts';
import { toBody } from './toBody.ts';
import { deadLetterQueue, eventKey, exchanges, hintKey } from './topology.ts';

/** Header values have an end; a message's whole error is in the logs. */
const maxErrorLength = 1_000;

/** Headers of a message that came, as far as they are kept beside our own: a table has its end at 64 KiB. */
const maxOriginalBytes = 16 * 1024;

/** AMQP's limit for a property, in bytes. What does not fit is left out there: it stands in the body all the same. */
const fits = (text: string | undefined): text is string => text !== undefined && Buffer.byteLength(text) <= 255;
const withCorrelation = (correlationId: string | undefined) => (fits(correlationId) ? { correlationId } : {});

/** Why something is a dead letter. The broker's own reasons (expired, rejected, ...) stand in `x-death`. */
export type DeadLetterReason = 'blocked' | 'quarantined' | 'unreachable' | 'malformed';

const toReason = ({ code }: Failure): DeadLetterReason => {
  if (code === 'consumer/unended') return 'quarantined';
  return code === 'broker/malformed-message' ? 'unreachable' : 'blocked';
};

/** Names one dead letter of a stream: told twice, it is the same one. */
export const toDeadLetterId = (consumer: string, stream: string, revision: bigint): string =>
  `${consumer}/${stream}@${revision}`;

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
    messageId: toDeadLetterId(consumer, stream, revision),
    type: fits(event?.type) ? event.type : 'hint',
    ...withCorrelation(event?.metadata.correlationId),
    timestamp: now,
    headers: {
      reason: toReason(failure),
      code: failure.code,
      error: failure.message.slice(0, maxErrorLength),
      attempts,
      firstFailedAt: failure.firstAt,
      lastFailedAt: failure.lastAt,
      stream,
      revision: String(revision),
      ...(event && { originalRoutingKey: eventKey(categoryOf(stream), event.type, slotOf(stream)) }),
    },
    body: toBody(message),
  };
}

/** A message that can't be read: kept as it came, with the headers it came with. */
export function toMalformedDeadLetter(
  consumer: string,
  message: IncomingMessage,
  error: string,
  now: Date,
): OutgoingMessage {
  const { messageId, correlationId, headers, queue, body } = message;
  // One that does not fit would make the dead letter itself impossible, and the batch would come again for ever.
  const isSmall = JSON.stringify(headers).length <= maxOriginalBytes;
  return {
    exchange: '',
    routingKey: deadLetterQueue(consumer),
    messageId: fits(messageId) ? messageId : `${consumer}/${now.toISOString()}`,
    type: 'malformed',
    ...withCorrelation(correlationId),
    timestamp: now,
    headers: {
      reason: 'malformed' satisfies DeadLetterReason,
      code: 'broker/malformed-message',
      error: error.slice(0, maxErrorLength),
      attempts: 1,
      firstFailedAt: now.toISOString(),
      lastFailedAt: now.toISOString(),
      queue,
      originalHeaders: isSmall ? headers : { left: 'out, larger than 16 KiB' },
    },
    body,
  };
}

/**
 * A hint that comes back to the consumer after `delayMs`: one of the retry queues' delays, or 0 for at once.
 *
 * @param hint `attempt` names the retry that it announces, 0 for what has not failed; `look` counts looks for a revision
 * that could not be read, 0 for one that nobody has looked for
 */
export function toRetryHint(
  consumer: string,
  {
    stream,
    revision,
    attempt,
    look = 0,
  }: Pick<EventMessage, 'stream' | 'revision' | 'look'> & { readonly attempt: number },
  delayMs: number,
  now: Date,
): OutgoingMessage {
  return {
    exchange: delayMs === 0 ? exchanges.redeliveries : exchanges.retries,
    routingKey: hintKey(consumer, delayMs, slotOf(stream)),
    messageId: `${consumer}/${stream}@${revision}#${attempt}${look > 0 ? `.${look}` : ''}`,
    type: 'hint',
    timestamp: now,
    headers: { stream, revision: String(revision), attempt },
    body: toBody({ stream, revision, ...(attempt > 0 && { attempt }), ...(look > 0 && { look }) }),
  };
}
