import { Fault } from '../kernel/fault.ts';
import { applyEvents } from './applyEvents.ts';
import type { Consumer } from './consumer.ts';
import type { Cursor } from './cursors.ts';
import type { RunTerms } from './run.ts';
import type { StreamNews } from './streamNews.ts';

/** Times that one run gives way to others on the same row before its news is handed back. */
const maxRounds = 10;

/** A retry is due when its hint has come back, or when its time is over: the hint may have been lost. */
const isDue = <View>(cursor: Cursor<View>, news: StreamNews, now: Date): boolean =>
  news.attempt >= cursor.attempts || (cursor.dueAt !== undefined && cursor.dueAt <= now.toISOString());

/** All of it was applied before. */
export const isRepeat = <View>({ head }: StreamNews, cursor: Cursor<View> | undefined): boolean =>
  cursor?.status === 'ready' && head <= cursor.revision;

/**
 * Brings one stream's cursor as far as its news says, or sets the news aside where nothing can be applied. Afterwards
 * the messages are settled.
 *
 * @throws Fault of an outage: nothing is settled, the messages have to come again; cursor/contended when others changed
 * the row ten times in a row
 */
export async function runStream<View>(
  consumer: Consumer<View>,
  news: StreamNews,
  loaded: Cursor<View> | undefined,
  terms: RunTerms,
): Promise<void> {
  const { cursors, clock } = consumer;
  const { stream, head } = news;
  let cursor = loaded;
  for (let round = 1; round <= maxRounds; round += 1) {
    if (isRepeat(news, cursor)) return;
    const isHeldBack =
      cursor?.status === 'blocked' || (cursor?.status === 'waiting' && !isDue(cursor, news, clock.now()));
    const isSettled = isHeldBack
      ? await cursors.setAside(stream, head)
      : await applyEvents(consumer, news, cursor, terms);
    if (isSettled) return;
    cursor = (await cursors.load([stream])).get(stream);
  }
  throw new Fault(
    'cursor/contended',
    `${consumer.consumer}: ${stream} was changed by others ${maxRounds} times in a row`,
  );
}
