import { Fault, isFault } from '../kernel/fault.ts';
import type { StoredEvent } from '../store/eventStore.ts';
import type { ConsumerDeps, Handler } from './consumer.ts';
import type { Cursor, Failure } from './cursors.ts';
import { toDeadLetter, toRetryHint } from './deadLetters.ts';
import { retryDelaysMs } from './retryDelays.ts';

/** What a batch says about one stream. */
export interface StreamNews {
  readonly stream: string;
  /** Newest revision that is named. */
  readonly head: bigint;
  /** Events that the messages carry, by revision. */
  readonly carried: ReadonlyMap<bigint, StoredEvent>;
  /** Highest retry attempt that is announced; 0 when none is. */
  readonly attempt: number;
}

/** After so many events a long run writes how far it has come, so that a run that is cut off has not been for nothing. */
const progressEvery = 100n;

/** A failure's text in a row has an end; the whole of it is in the logs. */
const maxFailureLength = 1_000;

/** Times that one run gives way to others on the same row before the batch is handed back. */
const maxRounds = 10;

const newCursor = <View>(stream: string): Cursor<View> => ({
  stream,
  revision: -1n,
  head: -1n,
  status: 'ready',
  attempts: 0,
});

/** A retry is due when its hint has come back, or when its time is over: the hint may have been lost. */
const isDue = <View>(cursor: Cursor<View>, news: StreamNews, now: Date): boolean =>
  news.attempt >= cursor.attempts || (cursor.dueAt !== undefined && cursor.dueAt <= now.toISOString());

/**
 * Brings one stream's cursor as far as its news says, or sets the news aside where nothing can be applied. Afterwards
 * the messages are settled.
 *
 * @throws Fault of an outage: nothing is settled, the messages have to come again
 */
export async function runStream<View>(
  deps: ConsumerDeps<View>,
  handler: Handler<View>,
  news: StreamNews,
  loaded: Cursor<View> | undefined,
): Promise<void> {
  const { stream, head } = news;
  let cursor = loaded ?? newCursor<View>(stream);
  for (let round = 1; round <= maxRounds; round += 1) {
    if (cursor.status === 'ready' && head <= cursor.revision) return;
    const isHeldBack =
      cursor.status === 'blocked' || (cursor.status === 'waiting' && !isDue(cursor, news, deps.clock.now()));
    if (isHeldBack) {
      if (await deps.cursors.setAside(stream, head)) return;
    } else if (await run(deps, handler, news, cursor)) {
      return;
    }
    cursor = (await deps.cursors.load([stream])).get(stream) ?? newCursor(stream);
  }
  throw new Fault('cursor/contended', `${deps.consumer}: ${stream} was changed by others ${maxRounds} times in a row`);
}

/** True when the row was written; false when another run has changed it meanwhile. */
async function run<View>(
  { store, cursors, publisher, clock, logger, consumer }: ConsumerDeps<View>,
  handler: Handler<View>,
  news: StreamNews,
  cursor: Cursor<View>,
): Promise<boolean> {
  const { stream } = news;
  let from = cursor.revision;
  let attemptsBefore = cursor.attempts;
  let revision = from;
  let view = cursor.view;
  let current: StoredEvent | undefined;
  try {
    for await (const event of eventsAfter(store, news, cursor)) {
      current = event;
      const started = clock.elapsedMs();
      view = await handler(view, event);
      revision = event.revision;
      const { correlationId, causationId } = event.metadata;
      const durationMs = Math.round((clock.elapsedMs() - started) * 1_000) / 1_000;
      logger.info('event handled', {
        consumer,
        type: event.type,
        eventId: event.id,
        correlationId,
        causationId,
        stream,
        revision,
        durationMs,
      });
      if (revision - from < progressEvery) continue;
      const isMine = await cursors.progress(stream, { from, to: revision, ...(view === undefined ? {} : { view }) });
      if (!isMine) return false;
      from = revision;
      attemptsBefore = 0;
    }
  } catch (error) {
    if (isFault(error) && error.isOutage) throw error;
    const failed = current?.revision === revision ? undefined : current;
    return fail(failed, error);
  }
  const seenHead = cursor.head;
  const isWritten =
    (revision === cursor.revision && cursor.status === 'ready') ||
    (await cursors.advance(stream, { from, to: revision, seenHead, ...(view === undefined ? {} : { view }) }));
  if (isWritten && revision < news.head) {
    const error = new Fault('broker/malformed-message', `${stream} has no revision ${news.head}`);
    logger.error('message names a revision that the stream does not have', error, { consumer, stream });
    const failure = toFailure(error, undefined, clock.now());
    await publisher.publish(toDeadLetter(consumer, { stream, revision: news.head }, failure, 1, clock.now()));
  }
  return isWritten;

  async function fail(event: StoredEvent | undefined, error: unknown): Promise<boolean> {
    const now = clock.now();
    // What came before the failing event is done: the count starts anew with another event.
    const isSameEvent = revision === cursor.revision;
    const attempts = isSameEvent ? cursor.attempts + 1 : 1;
    const failure = toFailure(error, isSameEvent ? cursor.failure : undefined, now);
    const next = { stream, revision: revision + 1n };
    const fields = {
      consumer,
      stream,
      revision: next.revision,
      attempts,
      ...(event && { eventId: event.id, type: event.type, correlationId: event.metadata.correlationId }),
    };

    const delayMs = isFault(error) && error.retryable ? retryDelaysMs[attempts - 1] : undefined;
    const attempt = {
      from,
      attemptsBefore,
      revision,
      head: news.head,
      attempts,
      failure,
      ...(view === undefined ? {} : { view }),
    };
    // The message before the row: were it the other way round, a crash in between would leave a row that nobody wakes.
    if (delayMs === undefined) {
      logger.error('stream blocked', error, fields);
      await publisher.publish(toDeadLetter(consumer, { ...next, ...(event && { event }) }, failure, attempts, now));
      return cursors.fail(stream, attempt);
    }
    logger.warn('event failed, to be retried', { ...fields, delayMs, code: failure.code, reason: failure.message });
    await publisher.publish(toRetryHint(consumer, { stream, revision: news.head, attempt: attempts }, delayMs, now));
    const dueAt = new Date(now.getTime() + delayMs).toISOString();
    return cursors.fail(stream, { ...attempt, dueAt });
  }
}

/** The events to apply, in order: as the messages carry them while they are the next ones, then from the store to its end. */
async function* eventsAfter<View>(
  store: ConsumerDeps<View>['store'],
  { stream, head, carried }: StreamNews,
  cursor: Cursor<View>,
): AsyncGenerator<StoredEvent> {
  let next = cursor.revision + 1n;
  if (cursor.status === 'ready') {
    for (let event = carried.get(next); event; event = carried.get(next)) {
      yield event;
      next += 1n;
    }
    if (next > head) return;
  }
  for await (const event of store.read(stream, { from: next })) yield event;
}

function toFailure(error: unknown, before: Failure | undefined, now: Date): Failure {
  const lastAt = now.toISOString();
  const code: Fault['code'] | 'defect' = isFault(error) ? error.code : 'defect';
  const message = (error instanceof Error ? error.message : String(error)).slice(0, maxFailureLength);
  return { code, message, firstAt: before?.firstAt ?? lastAt, lastAt };
}
