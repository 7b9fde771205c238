/**
 * A consumer's memory: one row per source stream. Contract: cursors.contract.ts, passed by the in-memory version and by
 * DynamoDB.
 *
 * `ready`: goes on with the next event. `waiting`: the next event failed and is tried again later. `blocked`: it failed
 * for good and is in the dead-letter queue; a redrive goes on from here.
 */
export interface Cursor<View> {
  readonly stream: string;
  /** Last revision applied; -1 for none. */
  readonly revision: bigint;
  /** Newest revision that was heard of while nothing could be applied; -1 for none. */
  readonly head: bigint;
  readonly status: 'ready' | 'waiting' | 'blocked';
  /** Failed attempts at the event after `revision`. */
  readonly attempts: number;
  /** ISO 8601; when a waiting stream is tried again. */
  readonly dueAt?: string;
  readonly failure?: Failure;
  /** For a view's consumer: what its events add up to at `revision`. */
  readonly view?: View;
}

export interface Failure {
  /** A fault's code, or `defect`. */
  readonly code: string;
  readonly message: string;
  /** ISO 8601 */
  readonly firstAt: string;
  readonly lastAt: string;
}

export interface Advance<View> {
  readonly from: bigint;
  readonly to: bigint;
  readonly view?: View;
  readonly seenHead: bigint;
}

/** A failed attempt at the event after `revision`. */
export interface FailedAttempt<View> {
  /** What the run had found in the row. */
  readonly from: bigint;
  readonly attemptsBefore: number;
  /** How far it came before the failure, and what the view was then. */
  readonly revision: bigint;
  readonly view?: View;
  readonly head: bigint;
  /** Failures of this event, this one included. */
  readonly attempts: number;
  /** Missing when nothing failed: the event is postponed. */
  readonly failure?: Failure;
  /** When it is tried again; without it the stream is blocked. */
  readonly dueAt?: string;
}

export interface Cursors<View> {
  /**
   * The rows of these streams, strongly consistent; a stream that was never heard of is missing.
   *
   * @throws Fault table/unavailable, as every operation here
   */
  load(streams: readonly string[]): Promise<ReadonlyMap<string, Cursor<View>>>;

  /**
   * A run from `from` has applied everything up to `to`: the row is ready there. Written only if it still stood at `from`
   * and nothing newer than `to` was set aside meanwhile; false, and nothing written, otherwise. `seenHead` is the head
   * that the run found before it read the stream to its end: what it names beyond that end does not exist.
   */
  advance(stream: string, run: Advance<View>): Promise<boolean>;

  /** A long run has come as far as `to` and goes on: only that is written, on the same condition. */
  progress(stream: string, run: Omit<Advance<View>, 'seenHead'>): Promise<boolean>;

  /** The row waits, or is blocked. Written only if it still stood at `from` with `attemptsBefore` failures. */
  fail(stream: string, attempt: FailedAttempt<View>): Promise<boolean>;

  /** `head` is at least `revision`. Written only if the stream is waiting or blocked; false otherwise. */
  setAside(stream: string, revision: bigint): Promise<boolean>;
}
