import type { EventLog } from '../../log/eventLog.ts';
import { resolveLink } from '../../log/links.ts';
import { lastReadable, readableWindow, stateOf } from '../../log/readable.ts';
import type { Stream } from '../../log/stream.ts';
import { Waiters } from '../../log/waiters.ts';
import { PendingEvent } from '../../wire/outgoing.ts';
import type { Context } from '../context.ts';
import type { Output } from '../output.ts';
import { streamDeleted } from '../rpcError.ts';
import type { ReadQuery } from './readQuery.ts';
import { CAUGHT_UP } from './subscribeAll.ts';

export type StreamSubscription = Extract<ReadQuery, { kind: 'streamSubscription' }>;

/**
 * Follows one stream until the client goes or the stream is tombstoned. A stream that isn't there yet is waited for.
 * Truncation hides events from the history only; what arrives live is always delivered.
 */
export async function subscribeStream({ log }: Context, query: StreamSubscription, output: Output): Promise<void> {
  const { name, from } = query;
  const isTombstonedAtStart = log.stream(name)?.isTombstoned ?? false;
  if (isTombstonedAtStart && from !== 'end') throw streamDeleted(name);
  const stream = log.ensureStream(name);
  stream.waiters ??= new Waiters();
  let next = from === 'start' ? 0 : from === 'end' ? lastReadable(log, stream) + 1 : from + 1;

  const send = async (ordinal: number): Promise<void> => {
    const resolved = query.resolvesLinks ? resolveLink(log, ordinal) : { event: ordinal, link: undefined };
    if (!output.send(new PendingEvent(log, resolved, query))) await output.ready();
  };

  if (from !== 'end') next = await catchUp(log, stream, name, next, output, send);
  if (!output.send(CAUGHT_UP)) await output.ready();

  while (!output.isClosed) {
    for (; next <= lastReadable(log, stream) && !output.isClosed; next++) await send(stream.ordinals[next] as number);
    if (!isTombstonedAtStart && stream.isTombstoned && (stream.tombstone ?? -1) < log.visible) {
      if (stream.tombstone !== undefined) await send(stream.tombstone);
      throw streamDeleted(name);
    }
    await output.news(stream.waiters);
  }
}

/** Sends the history and returns the revision the live part begins with. */
async function catchUp(
  log: EventLog,
  stream: Stream,
  name: string,
  from: number,
  output: Output,
  send: (ordinal: number) => Promise<void>,
): Promise<number> {
  let next = from;
  for (;;) {
    const state = stateOf(log, name);
    if (output.isClosed || state.status === 'tombstoned') return next;
    if (state.status === 'present') {
      const { min, last, oldestMs } = readableWindow(log, stream);
      if (Math.max(next, min) > last) return Math.max(next, last + 1);
      for (next = Math.max(next, min); next <= last && !output.isClosed; next++) {
        const ordinal = stream.ordinals[next] as number;
        if (log.records.createdMs(ordinal) >= oldestMs) await send(ordinal);
      }
    } else if (stream.waiters) await output.news(stream.waiters);
  }
}
