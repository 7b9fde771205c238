/** Lambda's cap on the payload of one synchronous invocation. */
export const maxPayloadBytes = 6 * 1024 * 1024;
/** What the event weighs around its messages. */
const envelopeBytes = 1_024;

/** A message that waits for its batch. */
export interface Waiting {
  /** Size of its JSON inside the event. */
  readonly bytes: number;
  readonly receivedAtMs: number;
}

export interface BatchLimits {
  readonly batchSize: number;
  readonly windowMs: number;
  readonly maxBytes: number;
}

/** Either a batch of the first `take` messages is due now, or nothing is before `dueAtMs` (undefined: before more arrives). */
export type BatchDecision =
  | { readonly due: true; readonly take: number }
  | { readonly due: false; readonly dueAtMs: number | undefined };

/** Whether a message can be in any batch at all. */
export function fitsPayload(bytes: number, maxBytes: number): boolean {
  return bytes + envelopeBytes <= maxBytes;
}

/**
 * A batch is due when it is full by count, full by payload, or its first message has waited for the window, whichever
 * comes first (docs.aws.amazon.com/lambda/latest/dg/invocation-eventsourcemapping.html, 2026). Order is kept.
 */
export function decideBatch(waiting: readonly Waiting[], limits: BatchLimits, nowMs: number): BatchDecision {
  const [first] = waiting;
  if (!first) return { due: false, dueAtMs: undefined };

  let take = 0;
  let bytes = envelopeBytes;
  for (const message of waiting.slice(0, limits.batchSize)) {
    if (bytes + message.bytes > limits.maxBytes) break;
    bytes += message.bytes;
    take += 1;
  }
  const isFull = take === limits.batchSize || take < waiting.length;
  const dueAtMs = first.receivedAtMs + limits.windowMs;
  return isFull || nowMs >= dueAtMs ? { due: true, take } : { due: false, dueAtMs };
}
