import type { StoredEvent } from '../store/eventStore.ts';
import type { Seen } from './cursors.ts';
import type { EventMessage } from './message.ts';

/** What a batch says about one stream. */
export interface StreamNews {
  readonly stream: string;
  /** Newest revision that is named. */
  readonly head: bigint;
  /** Events that the messages carry, by revision. */
  readonly carried: ReadonlyMap<bigint, StoredEvent>;
  /** Highest retry attempt that is announced; 0 when none is. */
  readonly attempt: number;
  /** Looks for `head` that were in vain, but for the first; 0 where a message names it for the first time. */
  readonly look: number;
  /** The broker has delivered some of it before, and that delivery was not settled. */
  readonly isRedelivered: boolean;
}

/** A message that could be read, with what the broker said of its delivery. */
export interface ReadableMessage extends EventMessage {
  readonly isRedelivered: boolean;
}

/** News of each stream, in the order in which the streams come. */
export function groupByStream(messages: readonly ReadableMessage[]): readonly StreamNews[] {
  const byStream = Map.groupBy(messages, ({ stream }) => stream);
  return [...byStream].map(([stream, ofStream]) => {
    const head = ofStream.reduce((newest, { revision }) => (revision > newest ? revision : newest), -1n);
    // What was looked for in vain and is older than the newest says nothing of that.
    const looks = ofStream.map(({ revision, look = 0 }) => (revision === head ? look : 0));
    return {
      stream,
      head,
      carried: new Map(ofStream.flatMap(({ revision, event }) => (event ? [[revision, event] as const] : []))),
      attempt: Math.max(...ofStream.map(({ attempt = 0 }) => attempt)),
      look: Math.max(...looks),
      isRedelivered: ofStream.some(({ isRedelivered }) => isRedelivered),
    };
  });
}

/** With what was heard of and set aside before, should that be newer: then nobody has looked for it yet. */
export const withSetAside = <View>(news: StreamNews, seen: Seen<View>): StreamNews =>
  seen && seen.head > news.head ? { ...news, head: seen.head, look: 0 } : news;
