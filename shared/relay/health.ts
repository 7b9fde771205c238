import { mayHaveLag } from './lag.ts';
import type { RelayStatus } from './status.ts';

/** What is wrong with a relay, told apart: each wants another remedy. */
export type RelayTrouble =
  /** Something fails again and again: `lastError` says what. */
  | 'failing'
  /** The same, because the broker has no queue or exchange for a message: the topology was not applied. */
  | 'unroutable'
  /** There is lag, or nobody can tell whether there is, and no progress, and nothing has failed. */
  | 'stuck'
  /** The broker takes nothing: it is out of memory or disk. */
  | 'paused';

/** A few failures in a row are a restart of a server; more are trouble. */
const maxFailures = 3;
/** How long there may be lag, or the broker take nothing, without any progress. */
const patienceMs = 15_000;

/** Longest turn of the loop: with store, broker and table all silent, their time limits and its own pauses end one before that. */
const maxTurnMs = 60_000;

/** Undefined while all is well; a standby is well: it is doing its job. `nowMs` is of the status's own clock. */
export function findTrouble(status: RelayStatus, nowMs: number): RelayTrouble | undefined {
  const { failures, backlog, lastError, pausedSinceMs, state, lastProgressMs } = status;
  if (Math.max(failures, backlog?.failures ?? 0) > maxFailures)
    return lastError?.code === 'broker/unroutable' ? 'unroutable' : 'failing';
  if (pausedSinceMs !== undefined) return nowMs - pausedSinceMs > patienceMs ? 'paused' : undefined;
  // Between two runs as well: a run that begins again is no progress.
  const isAtWork = state === 'relaying' || state === 'failing';
  return isAtWork && mayHaveLag(status) && nowMs - lastProgressMs > patienceMs ? 'stuck' : undefined;
}

/**
 * Whether the present run listens to a store that has fallen silent, with nothing under way and something to publish, or nobody
 * knows: a subscription may stay open to a node that was cut off from the others. A new one is told. What the broker keeps
 * waiting is the link's to find.
 */
export const isUnheard = (status: RelayStatus, nowMs: number): boolean =>
  status.state === 'relaying' &&
  status.pausedSinceMs === undefined &&
  status.window?.length === 0 &&
  mayHaveLag(status) &&
  nowMs - status.heardMs > patienceMs;

/**
 * Whether it goes round at all, or waits for a broker that takes nothing. What others do or leave undone does not change
 * that: a new start mends nothing while this holds, and may mend it once it does not. `nowMs` is of the status's own clock.
 */
export const isLive = ({ turnedMs, pausedSinceMs }: RelayStatus, nowMs: number): boolean =>
  pausedSinceMs !== undefined || nowMs - turnedMs <= maxTurnMs;
