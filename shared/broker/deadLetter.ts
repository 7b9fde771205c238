import { createHash } from 'node:crypto';
import type { Block, Cursor } from './cursors.ts';
import type { QueuedMessage } from './deadLetterQueue.ts';
import { type DeadLetterReason, toDeadLetterId } from './deadLetters.ts';

interface Known {
  readonly id: string;
  readonly consumer: string;
  /** What operators group by: those of one cause are mended together. */
  readonly cause: string;
  readonly code: string;
  readonly error: string;
  readonly attempts: number;
  /** ISO 8601; empty where the broker itself has dead-lettered it and does not say. */
  readonly firstFailedAt: string;
  readonly lastFailedAt: string;
}

/** A stream that is blocked. Its row is the truth; the message in the queue tells that there is one. */
export interface BlockedStream extends Known {
  readonly kind: 'stream';
  readonly reason: 'blocked' | 'quarantined';
  readonly stream: string;
  /** Of the event that failed. */
  readonly revision: bigint;
  /** Newest revision that was heard of: what a redrive goes on to, at least. */
  readonly head: bigint;
  readonly block: Block;
  readonly event?: { readonly id: string; readonly type: string; readonly correlationId: string };
}

/** A message that could not be handled as such: only the queue has it. */
export interface StrandedMessage extends Known {
  readonly kind: 'message';
  /** Ours, or the broker's: `expired`, `rejected`, `maxlen`, `delivery_limit`. */
  readonly reason: Exclude<DeadLetterReason, 'blocked' | 'quarantined'> | (string & {});
  readonly message: QueuedMessage;
}

export type DeadLetter = BlockedStream | StrandedMessage;

/** Ids and numbers differ from one to the next of the same cause. */
const normalise = (text: string): string =>
  text
    .replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/gi, '…')
    .replaceAll(/\d+/g, '…')
    .slice(0, 200);

/** A fault's code says enough; of a defect, the message is all there is. */
const toCause = (code: string, error: string, type: string | undefined): string =>
  `${code}${type === undefined ? '' : ` on ${type}`}${code === 'defect' ? `: ${normalise(error)}` : ''}`;

export function toBlockedStream(consumer: string, row: Cursor<unknown>): BlockedStream {
  const { stream, revision, head, attempts, failure } = row;
  const { code = 'defect', message = '', firstAt = '', lastAt = '', event } = failure ?? {};
  return {
    kind: 'stream',
    id: toDeadLetterId(consumer, stream, revision + 1n),
    consumer,
    reason: code === 'consumer/unended' ? 'quarantined' : 'blocked',
    cause: toCause(code, message, event?.type),
    code,
    error: message,
    attempts,
    firstFailedAt: firstAt,
    lastFailedAt: lastAt,
    stream,
    revision: revision + 1n,
    head,
    block: { revision, failedAt: lastAt },
    ...(event && { event }),
  };
}

/** The stream that the id of a blocked one names. */
export function toStreamOf(consumer: string, id: string): string | undefined {
  const [, stream] = /^(.{1,500})@\d+$/.exec(id.slice(consumer.length + 1)) ?? [];
  return stream;
}

const messageId = (consumer: string, digest: string): string => `${consumer}/message/${digest}`;
export const isMessageId = (consumer: string, id: string): boolean => id.startsWith(messageId(consumer, ''));

/** A defect's text may end so as well. */
export const isMessageCause = (cause: string): boolean => cause.endsWith(' message');

/** What tells of a stream; its row says more. */
export const isOfStream = ({ headers }: QueuedMessage): boolean =>
  headers['reason'] === 'blocked' || headers['reason'] === 'quarantined';

interface Death {
  readonly reason?: string;
  readonly count?: number;
  readonly time?: { readonly value?: number };
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');

/** Where its reason is not ours, the broker has put it there and tells why in `x-death`. */
export function toStrandedMessage(consumer: string, message: QueuedMessage): StrandedMessage {
  const { headers, body } = message;
  const [death] = (Array.isArray(headers['x-death']) ? headers['x-death'] : []) as readonly Death[];
  const reason = textOf(headers['reason']) || death?.reason || 'unknown';
  const diedAt = death?.time?.value === undefined ? '' : new Date(death.time.value * 1_000).toISOString();
  const code = textOf(headers['code']) || 'broker/malformed-message';
  const digest = createHash('sha256')
    .update(body)
    .update(message.messageId ?? '')
    .digest('hex')
    .slice(0, 16);
  return {
    kind: 'message',
    id: messageId(consumer, digest),
    consumer,
    reason,
    cause: `${reason} message`,
    code,
    error: textOf(headers['error']) || `dead-lettered by the broker: ${reason}`,
    attempts: typeof headers['attempts'] === 'number' ? headers['attempts'] : (death?.count ?? 1),
    firstFailedAt: textOf(headers['firstFailedAt']) || diedAt,
    lastFailedAt: textOf(headers['lastFailedAt']) || diedAt,
    message,
  };
}
