import type { Consumer } from './consumer.ts';
import type { Seen } from './cursors.ts';
import { toRetryHint } from './deadLetters.ts';
import { longestDelayMs } from './retryDelays.ts';
import { type Run, viewOf } from './run.ts';
import { endClaim } from './runClaims.ts';
import { type StreamNews, withSetAside } from './streamNews.ts';

/**
 * What came before the event that is too early is kept; a hint makes the consumer look again, and no attempt is counted.
 * True when it is written; false when another run has changed the row meanwhile.
 */
export async function postpone<View>(
  { consumer, cursors, publisher, clock }: Pick<Consumer<View>, 'consumer' | 'cursors' | 'publisher' | 'clock'>,
  news: StreamNews,
  seen: Seen<View>,
  run: Run<View>,
  dueAt: Date,
): Promise<boolean> {
  const { stream } = news;
  const { head } = withSetAside(news, seen);
  const now = clock.now();
  const delayMs = longestDelayMs(dueAt.getTime() - now.getTime());
  // The message before the row, as with a failure: a row that waits has somebody who wakes it.
  await publisher.publish(toRetryHint(consumer, { stream, revision: head, attempt: 0 }, delayMs, now));
  const row = { revision: run.revision, head, attempts: 0, dueAt: dueAt.toISOString() };
  return cursors.fail(stream, run.seen, { ...row, ...viewOf(run), ...endClaim({ clock }, run) });
}
