import type { Consumer } from './consumer.ts';
import type { Seen } from './cursors.ts';
import { toRetryHint } from './deadLetters.ts';
import { againMs } from './outages.ts';
import { delayOfAtLeast } from './retryDelays.ts';
import { newCursor, type Run, viewOf } from './run.ts';
import { endClaim } from './runClaims.ts';
import { type StreamNews, withSetAside } from './streamNews.ts';

/** A hint that comes back may be early by so much, by the clock of who reads the row. */
const soonMs = 10_000;

/**
 * The stream waits until somebody looks again, as it was before the run: an outage that only it meets (what it holds is too much
 * for a table, or its own key can't be had) would otherwise keep everything behind it waiting for ever. No attempt is counted,
 * and nothing is blocked: an outage says nothing about a stream. True when it is written; false when another run has changed
 * the row meanwhile.
 *
 * @throws Fault where what settling needs is what is out: then the batch comes again
 */
export async function waitOut<View>(
  consumer: Consumer<View>,
  news: StreamNews,
  seen: Seen<View>,
  run: Run<View>,
  error: unknown,
): Promise<boolean> {
  const { consumer: name, cursors, publisher, clock, logger, metrics } = consumer;
  const { stream } = news;
  const { head } = withSetAside(news, seen);
  const before = run.seen ?? newCursor<View>(stream);
  const { revision, attempts, failure, view } = before;
  const delayMs = delayOfAtLeast(againMs);
  const now = clock.now();
  logger.error('an outage holds up one stream: it is set aside, and looked at again', error, {
    consumer: name,
    stream,
    revision: revision + 1n,
    delayMs,
  });
  metrics.add('StreamsSetAside', 'Count', 1);
  // The message before the row, as with a failure. Where somebody comes soon as it is, nobody else is sent.
  const isAwaited =
    before.status === 'waiting' && before.dueAt !== undefined && Date.parse(before.dueAt) - now.getTime() > soonMs;
  if (!isAwaited) {
    await publisher.publish(toRetryHint(name, { stream, revision: head, attempt: attempts }, delayMs, now));
  }
  const dueAt = isAwaited ? before.dueAt : new Date(now.getTime() + delayMs).toISOString();
  const row = { revision, head, attempts, dueAt, ...(failure && { failure }), ...viewOf({ ...run, view }) };
  return cursors.fail(stream, run.seen, { ...row, ...endClaim(consumer, run) });
}
