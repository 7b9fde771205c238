import { durationSince } from '../kernel/clock.ts';
import { type Fault, isFault } from '../kernel/fault.ts';
import type { StoredEvent } from '../store/eventStore.ts';
import type { Consumer } from './consumer.ts';
import type { Cursor, Failure, Seen } from './cursors.ts';
import { toDeadLetter, toRetryHint } from './deadLetters.ts';
import { retryDelayMs } from './retryDelays.ts';
import { newCursor, type Run, viewOf } from './run.ts';
import { type StreamNews, withSetAside } from './streamNews.ts';

/** A failure's text in a row has an end; the whole of it is in the logs. */
const maxFailureLength = 1_000;

/**
 * What came before the failure is kept; the event that failed is tried again later, or the stream is blocked and the
 * event is in the dead-letter queue. True when it is written; false when another run has changed the row meanwhile.
 */
export async function settleFailure<View>(
  { consumer, cursors, publisher, clock, logger, metrics, random }: Consumer<View>,
  news: StreamNews,
  seen: Seen<View>,
  run: Run<View>,
  error: unknown,
): Promise<boolean> {
  const { stream } = news;
  const { revision } = run;
  const before = seen ?? newCursor<View>(stream);
  // An error before the next event was there to be handled is that of reading it.
  const event = run.current?.revision === revision ? undefined : run.current;
  const now = clock.now();
  // What came before the failing event is done: the count starts anew with another event.
  const isSameEvent = revision === before.revision;
  const attempts = (isSameEvent ? before.attempts : 0) + toNewAttempts(error, before);
  const failure = toFailure(error, event, isSameEvent ? before.failure : undefined, now);
  const next = { stream, revision: revision + 1n, ...(event && { event }) };
  const fields = {
    consumer,
    stream,
    revision: next.revision,
    attempts,
    durationMs: durationSince(clock, run.startedMs),
    ...toLogFields(event),
  };
  const { head } = withSetAside(news, seen);
  const attempt = { ...viewOf(run), revision, head, attempts, failure };

  const delayMs = isFault(error) && error.retryable ? retryDelayMs(attempts, random) : undefined;
  // The message before the row: were it the other way round, a crash in between would leave a row that nobody wakes.
  if (delayMs === undefined) {
    logger.error('stream blocked', error, fields);
    metrics.add('StreamsBlocked', 'Count', 1);
    await publisher.publish(toDeadLetter(consumer, next, failure, attempts, now));
    return cursors.fail(stream, run.seen, attempt);
  }
  metrics.add('EventsRetried', 'Count', 1);
  logger.warn('event failed, to be retried', { ...fields, delayMs, code: failure.code, reason: failure.message });
  await publisher.publish(toRetryHint(consumer, { stream, revision: head, attempt: attempts }, delayMs, now));
  return cursors.fail(stream, run.seen, { ...attempt, dueAt: new Date(now.getTime() + delayMs).toISOString() });
}

/** Attempts that never ended were not counted while they might. */
const toNewAttempts = <View>(error: unknown, { claim }: Cursor<View>): number =>
  isFault(error) && error.code === 'consumer/unended' ? (claim?.begun ?? 0) : 1;

function toLogFields(event: StoredEvent | undefined) {
  if (!event) return {};
  const { correlationId, causationId } = event.metadata;
  return { eventId: event.id, type: event.type, correlationId, causationId };
}

export function toFailure(
  error: unknown,
  event: StoredEvent | undefined,
  before: Failure | undefined,
  now: Date,
): Failure {
  const lastAt = now.toISOString();
  const code: Fault['code'] | 'defect' = isFault(error) ? error.code : 'defect';
  const message = (error instanceof Error ? error.message : String(error)).slice(0, maxFailureLength);
  const failed = event && { id: event.id, type: event.type, correlationId: event.metadata.correlationId };
  return { code, message, firstAt: before?.firstAt ?? lastAt, lastAt, ...(failed && { event: failed }) };
}
