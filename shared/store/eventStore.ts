/**
 * The event store as a port. Contract: eventStore.contract.ts, passed by the in-memory version, the local server and a
 * real EventStoreDB.
 */
import type { EventId } from '../kernel/ids.ts';

/** Place in the whole store. `commit` orders everything; both are needed to go on from there. */
export interface Position {
  readonly commit: bigint;
  readonly prepare: bigint;
}

/** What every event says about where it came from. */
export interface EventMetadata {
  /** The same for everything that follows from one command. */
  readonly correlationId: string;
  /** Id of the command or event that this one follows from. */
  readonly causationId: string;
  /** Version of the type's schema that `data` was written in. */
  readonly schemaVersion: number;
  /** When it was decided, ISO 8601 UTC with milliseconds. */
  readonly occurredAt: string;
  /** Who decided: a function's or consumer's name. */
  readonly actor: string;
  /** W3C trace context, when the command came with one. */
  readonly traceparent?: string;
}

export interface NewEvent {
  readonly id: EventId;
  readonly type: string;
  readonly data: unknown;
  readonly metadata: EventMetadata;
}

export interface StoredEvent extends NewEvent {
  readonly stream: string;
  /** 0-based place in the stream. */
  readonly revision: bigint;
  /** Commit position in the whole store, as far as it is known: a stream's read tells it from EventStoreDB 22.6 on. */
  readonly position?: bigint;
  /**
   * Why it is no event as we write them; somebody else wrote it. Its id, type and place are true, the rest is made up.
   * Readers skip it by its type as any other; where the type is ours, `toDomainEvent` refuses it.
   */
  readonly malformed?: string;
}

/** A stored event as `$all` tells it. `malformed` says why its bytes are not an event of ours. */
export type AllItem =
  | { readonly kind: 'event'; readonly event: StoredEvent; readonly position: Position }
  | {
      readonly kind: 'malformed';
      readonly stream: string;
      readonly revision: bigint;
      readonly position: Position;
      readonly reason: string;
    }
  /** Everything up to here was considered, though none of it matched. */
  | { readonly kind: 'checkpoint'; readonly position: Position }
  /** History is exhausted; what follows is live. */
  | { readonly kind: 'caught-up' };

/** What the stream's last revision must be for an append: a revision, or nothing yet. */
export type ExpectedRevision = bigint | 'no-stream';

export type AppendResult =
  | { readonly outcome: 'appended'; readonly revision: bigint }
  /** Somebody else wrote first; nothing was written. */
  | { readonly outcome: 'conflict' };

export interface EventStore {
  /**
   * Writes all events at the end of `stream`, or none. The same ids at the same expected revision again: answers as the
   * first time and writes nothing.
   *
   * @throws Fault store/unavailable: it may have been written or not; store/refused, store/stream-deleted
   */
  append(stream: string, events: readonly NewEvent[], expected: ExpectedRevision): Promise<AppendResult>;

  /**
   * The stream's events from revision `from` (default 0) to the newest, ascending; none when there is no such stream. What
   * others have written between them comes with `malformed`.
   *
   * @throws Fault store/unavailable, store/refused, store/stream-deleted
   */
  read(stream: string, options?: { readonly from?: bigint }): AsyncIterable<StoredEvent>;

  /**
   * Events of the named categories after `after` (default: from the beginning), in store order, without end: history,
   * `caught-up`, then live ones. They come in batches of whatever has arrived, never an empty one. Pulled: while nobody
   * asks for the next batch, nothing piles up. Ends quietly when `signal` aborts.
   *
   * @throws Fault store/unavailable when the connection is lost: go on with a new call from the last position; store/refused
   */
  readAll(options: {
    readonly categories: readonly string[];
    readonly after?: Position;
    readonly signal: AbortSignal;
  }): AsyncIterable<readonly AllItem[]>;

  /**
   * Where the newest event of the named categories stands, looked for among the store's last 256 records; undefined when
   * none of them is one.
   *
   * @throws Fault store/unavailable, store/refused
   */
  readHead(categories: readonly string[]): Promise<Position | undefined>;
}

/** The part of a stream's name before its first dash. */
export const categoryOf = (stream: string): string => stream.slice(0, stream.indexOf('-'));
