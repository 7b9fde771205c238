import { isFault } from '../kernel/fault.ts';
import { endClaim } from './claims.ts';
import type { Consumer } from './consumer.ts';
import type { Seen } from './cursors.ts';
import { toRetryHint } from './deadLetters.ts';
import { delayOfAtLeast } from './retryDelays.ts';
import { newCursor, type Run, viewOf } from './run.ts';
import { type StreamNews, withSetAside } from './streamNews.ts';

/** How long, and through how many deliveries at least, a stream's outage may hold up what stands behind it. */
const patienceMs = 300_000;
const patience = 5;
/** When it is looked at again. */
const againMs = 300_000;
/** An outage that was met so long ago was another one. */
const forgottenMs = 3 * againMs;
/** Streams remembered; the oldest go first. */
const maxStreams = 1_000;

/** Outages by the stream that met them, as long as the process lives: a queue's batches come to the same one. */
export interface Outages {
  /** True when this stream has met them for so long that it should hold up nobody any more. */
  meet(stream: string, error: unknown, nowMs: number): boolean;
  /** Its run has ended as a run does. */
  end(stream: string): void;
}

/** Others have changed the row, or the stream, too often: that is handed back by itself. */
const isContention = (code: string): boolean => code === 'store/contended' || code === 'cursor/contended';

export function createOutages(): Outages {
  const met = new Map<string, { readonly sinceMs: number; readonly lastMs: number; readonly times: number }>();
  return {
    meet(stream, error, nowMs) {
      if (!isFault(error) || !error.isOutage || isContention(error.code)) return false;
      const before = met.get(stream);
      const isSame = before !== undefined && nowMs - before.lastMs < forgottenMs;
      const sinceMs = isSame ? before.sinceMs : nowMs;
      const times = isSame ? before.times + 1 : 1;
      met.delete(stream);
      met.set(stream, { sinceMs, lastMs: nowMs, times });
      for (const oldest of met.keys()) {
        if (met.size <= maxStreams) break;
        met.delete(oldest);
      }
      return times >= patience && nowMs - sinceMs >= patienceMs;
    },
    end: (stream) => void met.delete(stream),
  };
}

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
  const { revision, attempts, failure, view } = run.seen ?? newCursor<View>(stream);
  const delayMs = delayOfAtLeast(againMs);
  const now = clock.now();
  logger.error('an outage holds up one stream: it is set aside, and looked at again', error, {
    consumer: name,
    stream,
    revision: revision + 1n,
    delayMs,
  });
  metrics.add('StreamsSetAside', 'Count', 1);
  // The message before the row, as with a failure.
  await publisher.publish(toRetryHint(name, { stream, revision: head, attempt: attempts }, delayMs, now));
  const dueAt = new Date(now.getTime() + delayMs).toISOString();
  const row = { revision, head, attempts, dueAt, ...(failure && { failure }), ...viewOf({ ...run, view }) };
  return cursors.fail(stream, run.seen, { ...row, ...endClaim(consumer, run) });
}
