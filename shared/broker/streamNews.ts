import type { StoredEvent } from '../store/eventStore.ts';
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
  return [...byStream].map(([stream, ofStream]) => ({
    stream,
    head: ofStream.reduce((head, { revision }) => (revision > head ? revision : head), -1n),
    carried: new Map(ofStream.flatMap(({ revision, event }) => (event ? [[revision, event] as const] : []))),
    attempt: ofStream.reduce((highest, { attempt = 0 }) => Math.max(highest, attempt), 0),
    isRedelivered: ofStream.some(({ isRedelivered }) => isRedelivered),
  }));
}
