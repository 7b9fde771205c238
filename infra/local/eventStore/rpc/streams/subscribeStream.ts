import type { EventLog } from '../../log/eventLog.ts';
import { resolveLink } from '../../log/links.ts';
import { isGone, lastReadable, readableWindow, stateOf } from '../../log/readable.ts';
import type { News } from '../../log/streamNews.ts';
import { PendingEvent } from '../../wire/outgoing.ts';
import type { Context } from '../context.ts';
import type { Output } from '../output.ts';
import { streamDeleted } from '../rpcError.ts';
import type { ReadQuery } from './readQuery.ts';
import { confirm, tellCaughtUp } from './subscription.ts';

export type StreamSubscription = Extract<ReadQuery, { kind: 'streamSubscription' }>;

/**
 * Follows one stream until the client goes or the stream is tombstoned. A stream that isn't there yet is waited for.
 * Truncation hides events from the history only; what arrives live is always delivered.
 */
export async function subscribeStream({ log }: Context, query: StreamSubscription, output: Output): Promise<void> {
  const { name, from } = query;
  const atStart = log.stream(name);
  const wasGone = atStart !== undefined && isGone(log, atStart);
  if (wasGone && from !== 'end') throw streamDeleted(name);
  const news = log.news.of(name);
  const send = async (ordinal: number): Promise<void> => {
    const resolved = query.resolvesLinks ? resolveLink(log, ordinal) : { event: ordinal, link: undefined };
    if (!output.send(new PendingEvent(log, resolved, query))) await output.ready();
  };

  let next = from === 'start' ? 0 : from === 'end' ? (atStart ? lastReadable(log, atStart) + 1 : 0) : from + 1;
  await confirm(output);
  if (from !== 'end') next = await catchUp(log, name, next, output, news, send);
  await tellCaughtUp(output);

  while (!output.isClosed) {
    const stream = log.stream(name);
    for (; stream && next <= lastReadable(log, stream) && !output.isClosed; next++) {
      await send(stream.ordinals[next] as number);
    }
    if (stream && !wasGone && isGone(log, stream)) {
      if (stream.tombstone !== undefined) await send(stream.tombstone);
      throw streamDeleted(name);
    }
    await output.news(news);
  }
}

/**
 * Sends the history and returns the revision the live part begins with. Throws when the stream is tombstoned
 * meanwhile: what was hidden by then stays so.
 */
async function catchUp(
  log: EventLog,
  name: string,
  from: number,
  output: Output,
  news: News,
  send: (ordinal: number) => Promise<void>,
): Promise<number> {
  let next = from;
  while (!output.isClosed) {
    const state = stateOf(log, name);
    if (state.status === 'tombstoned') throw streamDeleted(name);
    if (state.status === 'missing') {
      await output.news(news);
      continue;
    }
    const { min, last, oldestMs } = readableWindow(log, state.stream);
    if (Math.max(next, min) > last) return Math.max(next, last + 1);
    for (next = Math.max(next, min); next <= last && !output.isClosed; next++) {
      const ordinal = state.stream.ordinals[next] as number;
      if (log.records.createdMs(ordinal) >= oldestMs) await send(ordinal);
    }
  }
  return next;
}
