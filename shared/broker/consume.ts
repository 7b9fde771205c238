// Way 6/7: consume: batch -> done | retry | dead-letter; a repeat changes nothing, order per stream is kept
import { isFault } from '../kernel/fault.ts';
import { type Consumer, type ConsumerDeps, type ConsumerOptions, type Handler, toConsumer } from './consumer.ts';
import type { Cursor } from './cursors.ts';
import { handBack } from './handBack.ts';
import { readBatch } from './readBatch.ts';
import { parseRmqEvent } from './rmqBatch.ts';
import { isRepeat, runStream } from './runStream.ts';
import { groupByStream, type StreamNews } from './streamNews.ts';
import { createTimeLeft, type TimeLeft } from './timeLeft.ts';
import { isLateQueue } from './topology.ts';

/** As much of Lambda's context as is used. */
export interface Invocation {
  getRemainingTimeInMillis(): number;
}

/**
 * A Lambda handler for batches from RabbitMQ. It settles every message itself and returns; it throws only when the
 * infrastructure that settling needs is gone, and then the whole batch comes again.
 */
export function createConsumer<View>(
  deps: ConsumerDeps<View>,
  handler: Handler<View>,
  options: ConsumerOptions = {},
): (event: unknown, invocation?: Invocation) => Promise<void> {
  const consumer = toConsumer(deps, handler, options);
  return async (event, invocation) => {
    const { timeLimitMs, patienceMs } = consumer.options;
    const messages = parseRmqEvent(event);
    const wantedMs = messages.some(({ queue }) => isLateQueue(queue)) ? timeLimitMs : patienceMs;
    const time = createTimeLeft(consumer.clock, invocation?.getRemainingTimeInMillis(), wantedMs);
    const news = groupByStream(await readBatch(consumer, messages));
    const rows = await consumer.cursors.load(news.map(({ stream }) => stream));
    await work(consumer, news, rows, time).finally(consumer.metrics.flush);
  };
}

/** How long others are still begun after an outage was met; where nobody answers, the first of them takes longer than that. */
const outageMs = 2_000;

/**
 * Streams run side by side, but for those that a run may have begun on before and not ended: if one of them kills the
 * function, it must be known which, and all others must be done by then. So these come last, one at a time, and the
 * most suspicious at the very end.
 */
async function work<View>(
  consumer: Consumer<View>,
  news: readonly StreamNews[],
  rows: ReadonlyMap<string, Cursor<View>>,
  time: TimeLeft,
): Promise<void> {
  const begun = ({ stream }: StreamNews): number => rows.get(stream)?.claim?.begun ?? 0;
  const isSuspect = (item: StreamNews): boolean => {
    const row = rows.get(item.stream);
    return (item.isRedelivered || row?.claim !== undefined) && !isRepeat(item, row);
  };
  const failures: unknown[] = [];
  let firstFailedMs = Number.POSITIVE_INFINITY;
  const fail = (error: unknown): void => {
    failures.push(error);
    firstFailedMs = Math.min(firstFailedMs, consumer.clock.elapsedMs());
  };
  const settle = async (item: StreamNews, isAlone: boolean): Promise<void> => {
    // What is down for one may be its own: the others are tried, as long as that costs little. The rest comes again with the batch.
    if (consumer.clock.elapsedMs() - firstFailedMs > outageMs) return;
    try {
      if (time.canBegin()) await runStream(consumer, item, rows.get(item.stream), { time, isAlone });
      else await handBack(consumer, item, 'no time left');
    } catch (error) {
      const isContended = isFault(error) && (error.code === 'store/contended' || error.code === 'cursor/contended');
      if (isContended) await handBack(consumer, item, error.message).catch(fail);
      else fail(error);
    }
  };
  await sideBySide(
    news.filter((item) => !isSuspect(item)),
    consumer.options.maxConcurrent,
    (item) => settle(item, false),
  );
  await sideBySide(
    news.filter(isSuspect).toSorted((a, b) => begun(a) - begun(b)),
    1,
    (item) => settle(item, true),
  );
  if (failures.length > 0) throw failures[0];
}

async function sideBySide<Item>(
  items: readonly Item[],
  limit: number,
  settle: (item: Item) => Promise<void>,
): Promise<void> {
  const queue = items.values();
  const worker = async (): Promise<void> => {
    for (const item of queue) await settle(item);
  };
  await Promise.all(Array.from({ length: Math.min(limit, items.length) }, worker));
}
