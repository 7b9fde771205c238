import { Fault } from '../kernel/fault.ts';
import type { Consumer } from './consumer.ts';
import type { Seen } from './cursors.ts';
import { toDeadLetter, toRetryHint } from './deadLetters.ts';
import { retryDelayMs, shortestDelayMs } from './retryDelays.ts';
import { newCursor, type Run, viewOf } from './run.ts';
import { endClaim } from './runClaims.ts';
import { toFailure } from './settleFailure.ts';
import { type StreamNews, withSetAside } from './streamNews.ts';

/** Looks for a revision that could not be read, after the first: a store that is behind has caught up by then, some half a minute on. */
export const maxLooks = 3;

/**
 * The run has read to the end of the stream, and there is news of a revision beyond that. What was read is kept, and the
 * stream waits with its head, whatever becomes of the hint: a row that is ready has none, and nobody would look. What has
 * failed before and was not read has neither failed again nor been done, so its attempts stay.
 *
 * True when it is written; false when another run has changed the row meanwhile.
 */
export async function lookAgain<View>(
  consumer: Consumer<View>,
  news: StreamNews,
  seen: Seen<View>,
  run: Run<View>,
): Promise<boolean> {
  const { cursors, clock, random } = consumer;
  const { stream, revision } = run;
  const before = seen ?? newCursor<View>(stream);
  const known = withSetAside(news, seen);
  const isSameEvent = revision === before.revision;
  const attempts = isSameEvent ? before.attempts : 0;
  const failure = isSameEvent ? before.failure : undefined;
  const delayMs = retryDelayMs(known.look + 1, random) ?? shortestDelayMs;
  const now = clock.now();
  let dueAt = new Date(now.getTime() + delayMs).toISOString();
  // Of what was set aside nobody else tells when a retry has come. Of a stream that only waits somebody does, or the sweep.
  if (known === news || before.attempts > 0) await tell();
  else dueAt = before.dueAt ?? dueAt;
  const row = { revision, head: known.head, attempts, dueAt, ...(failure && { failure }) };
  return cursors.fail(stream, run.seen, { ...row, ...viewOf(run), ...endClaim(consumer, run) });

  /** The message before the row, as with a failure. */
  async function tell(): Promise<void> {
    const { consumer: name, logger, publisher } = consumer;
    const hint = { stream, revision: known.head, attempt: attempts, look: known.look + 1 };
    const fields = { consumer: name, stream, revision: known.head, reached: revision, delayMs };
    logger.warn('a revision that is known of can not be read yet, to be looked for again', fields);
    await publisher.publish(toRetryHint(name, hint, delayMs, now));
  }
}

/** A revision that the stream does not have, however often one looks, is dead-lettered by itself. It holds up nobody. */
export async function settleUnreachable<View>(
  { consumer, publisher, clock, logger, metrics }: Consumer<View>,
  { stream, head, look }: StreamNews,
  reached: bigint,
): Promise<void> {
  const error = new Fault(
    'broker/malformed-message',
    `${stream} has no revision ${head}, it ${reached === -1n ? 'has no events' : `ends at ${reached}`}`,
  );
  logger.error('message names a revision that the stream does not have', error, { consumer, stream });
  metrics.add('DeadLetters', 'Count', 1);
  const failure = toFailure(error, undefined, undefined, clock.now());
  await publisher.publish(toDeadLetter(consumer, { stream, revision: head }, failure, look + 1, clock.now()));
}
