/**
 * A consumer's memory: one row per source stream. Contracts: cursors.contract.ts and unsettled.contract.ts, passed by the
 * in-memory version and by DynamoDB.
 *
 * `ready`: goes on with the next event. `waiting`: the next event failed, or was redriven, and is tried again. `blocked`:
 * it failed for good and is in the dead-letter queue; a redrive goes on from here.
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
  readonly claim?: Claim;
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
  /** The event that failed, where it could be read. */
  readonly event?: { readonly id: string; readonly type: string; readonly correlationId: string };
}

/** A run that has begun and not ended: it is under way, or its process is gone. While it stands, only its owner writes. */
export interface Claim {
  /** Of one run, never used again; of nobody (`over/`) where that has ended without an outcome. */
  readonly owner: string;
  /** ISO 8601; until then others leave an effect on the outside to it. */
  readonly until: string;
  /** Runs in a row that began, with nothing else of their batch beside them, and did not end; this one included. */
  readonly begun: number;
}

/** The row as a run found it or has written it itself; undefined: there was none. */
export type Seen<View> = Cursor<View> | undefined;

export interface Applied<View> {
  readonly to: bigint;
  /** The view at `to`; a reaction has none. */
  readonly view?: View;
}

export interface Progress<View> extends Applied<View> {
  /** The run's claim, made longer. */
  readonly claim?: Claim;
}

/** An attempt at the event after `revision` that failed, or came too early. */
export interface FailedAttempt<View> {
  /** How far it came before the failure, and what the view was then. */
  readonly revision: bigint;
  readonly view?: View;
  /** Newest revision that the run knows of; at least the head that it saw. */
  readonly head: bigint;
  /** Failures of this event, this one included; 0 when it only came too early. */
  readonly attempts: number;
  /** Missing when nothing failed: the event is postponed. */
  readonly failure?: Failure;
  /** When it is tried again; without it the stream is blocked. */
  readonly dueAt?: string;
  /** What is left of the run's claim, where the event was not tried and failed; missing when nothing is. */
  readonly claim?: Claim;
}

/**
 * Every write but `setAside` is made only if the row is still where it was seen, in the status and under the claim that
 * were seen: false, and nothing written, otherwise. So while a claim stands, only who has seen it writes.
 */
export interface Cursors<View> {
  /**
   * The rows of these streams, strongly consistent; a stream that was never heard of is missing.
   *
   * @throws Fault table/unavailable, as every operation here
   */
  load(streams: readonly string[]): Promise<ReadonlyMap<string, Cursor<View>>>;

  /** The row is claimed; whoever had claimed it has lost it. Of many who claim at once, one does. */
  claim(stream: string, seen: Seen<View>, claim: Claim): Promise<boolean>;

  /**
   * A run has applied everything up to `to`: the row is ready there, without a claim. Not written either if a head newer
   * than `to` was set aside since it was seen. A head that was seen and is newer is forgotten: it is a dead letter by then.
   */
  advance(stream: string, seen: Seen<View>, run: Applied<View>): Promise<boolean>;

  /** A long run has come as far as `to` and goes on: only that is written, and that no attempt at what follows has failed. */
  progress(stream: string, seen: Seen<View>, run: Progress<View>): Promise<boolean>;

  /**
   * The row waits, or is blocked, without a claim but the one that is left; its head is `head`. Not written either if a head was set aside or an
   * attempt has failed since it was seen: one failure is counted once, and no news is forgotten.
   */
  fail(stream: string, seen: Seen<View>, attempt: FailedAttempt<View>): Promise<boolean>;

  /** `head` is at least `revision`. Written only if the stream is waiting or blocked; false otherwise. */
  setAside(stream: string, revision: bigint): Promise<boolean>;
}

/** One blocking of one stream: the same stream blocked again later is another. */
export interface Block {
  /** Where the cursor stands: the event after it is the one that failed. */
  readonly revision: bigint;
  /** `lastAt` of the failure. */
  readonly failedAt: string;
}

/** What operators and the sweep see of the same rows. */
export interface UnsettledStreams {
  /** Streams that wait and were due before `before`, the longest due first; at most `limit`. */
  readDue(before: Date, limit: number): Promise<readonly Cursor<unknown>[]>;

  /** Streams that are blocked, the longest blocked first; at most `limit`. */
  readBlocked(limit: number): Promise<readonly Cursor<unknown>[]>;
}

/** What operators can do about them. */
export interface StreamRemedies {
  /** The stream waits from now on, with no attempts behind it. Written only if it is still blocked as `block` says. */
  redrive(stream: string, block: Block, now: Date): Promise<boolean>;

  /** As `redrive`, but the event that failed counts as applied: nothing came of it. */
  discard(stream: string, block: Block, now: Date): Promise<boolean>;
}
