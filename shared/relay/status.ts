import type { Clock } from '../kernel/clock.ts';
import { isFault } from '../kernel/fault.ts';
import type { Position } from '../store/eventStore.ts';
import type { Backlog } from './backlog.ts';
import type { Window } from './window.ts';

export interface RelayError {
  readonly code: string;
  readonly message: string;
  /** ISO 8601. */
  readonly at: string;
}

/** How a relay is doing, as it sees itself: written by its parts, told by report.ts. Times are of the monotonic clock. */
export interface RelayStatus {
  state: 'standby' | 'relaying' | 'failing' | 'stopped';
  /** When its loop last went round, whatever it met there. */
  turnedMs: number;
  /** Of the lease that it holds or held last; 0 before the first. */
  fencing: number;
  /** How often this process took the lease. */
  handovers: number;
  /** Published and confirmed by this process. */
  published: number;
  /** Runs that ended in a failure, in a row; progress sets it back. */
  failures: number;
  /** The same, never set back. */
  failuresInAll: number;
  /** Of the last failure; it stays when things go well again. */
  lastError: RelayError | undefined;
  /** Stored events that are no events of ours: told as a hint or skipped over, left in the store. */
  malformed: number;
  lastMalformed: { readonly stream: string; readonly revision: string; readonly reason: string } | undefined;
  /** Messages that no consumer is bound for, kept in the queue `unrouted`; undefined before the first look. */
  unrouted: number | undefined;
  /** Since when the broker or its socket takes nothing. */
  pausedSinceMs: number | undefined;
  /** What the present run has under way. */
  window: Window | undefined;
  /** Everything up to here is confirmed. */
  confirmed: Position | undefined;
  /** When `confirmed` moved last, when there was nothing to move it, or when the lease was taken. A new run is no progress. */
  lastProgressMs: number;
  /** When the store gave the present run anything last, or when that began to listen. */
  heardMs: number;
  /** The present run has been told that history is exhausted. */
  isCaughtUp: boolean;
  /** The newest event that was read, how many were in the present run, and where that run began. */
  read: { readonly position: Position; readonly events: number; readonly from: Position | undefined } | undefined;
  /** Where the newest event to publish stands in the store, as far as a look has told; undefined when that found none. */
  head: Position | undefined;
  /** Whether the last look told anything. */
  isHeadKnown: boolean;
  /** What is published from its beginning beside the news, as far as it is by now; undefined: nothing. */
  backlog: { readonly current: () => Backlog /** In a row, as `failures`. */; readonly failures: number } | undefined;
  /** Confirmed messages a second, over the last look. */
  ratePerSecond: number;
}

export const createRelayStatus = (): RelayStatus => ({
  state: 'standby',
  turnedMs: 0,
  fencing: 0,
  handovers: 0,
  published: 0,
  failures: 0,
  failuresInAll: 0,
  lastError: undefined,
  malformed: 0,
  lastMalformed: undefined,
  unrouted: undefined,
  pausedSinceMs: undefined,
  window: undefined,
  confirmed: undefined,
  lastProgressMs: 0,
  heardMs: 0,
  isCaughtUp: false,
  read: undefined,
  head: undefined,
  isHeadKnown: false,
  backlog: undefined,
  ratePerSecond: 0,
});

export const toRelayError = (error: unknown, { now }: Pick<Clock, 'now'>): RelayError => ({
  code: isFault(error) ? error.code : 'defect',
  message: (error instanceof Error ? error.message : String(error)).slice(0, 500),
  at: now().toISOString(),
});
