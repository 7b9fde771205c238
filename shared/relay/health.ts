import type { RelayStatus } from './status.ts';

/** What is wrong with a relay, told apart: each wants another remedy. */
export type RelayTrouble =
  /** Something fails again and again: `lastError` says what. */
  | 'failing'
  /** Messages wait for confirms that do not come, and nothing has failed. */
  | 'stuck'
  /** The broker takes nothing: it is out of memory or disk. */
  | 'paused';

export interface RelayHealth {
  readonly isHealthy: boolean;
  readonly trouble: RelayTrouble | undefined;
}

/** A few failures in a row are a restart of a server; more are trouble. */
const maxFailures = 3;
/** How long messages may wait without any confirm coming in. */
const patienceMs = 15_000;

/** A standby is healthy: it is doing its job. `nowMs` is of the same monotonic clock as the status. */
export function assessRelay(status: RelayStatus, nowMs: number): RelayHealth {
  const isWaiting = status.inWindow > 0 && nowMs - status.lastConfirmedMs > patienceMs;
  const trouble: RelayTrouble | undefined =
    status.failures > maxFailures
      ? 'failing'
      : status.isPaused && isWaiting
        ? 'paused'
        : status.state === 'relaying' && isWaiting
          ? 'stuck'
          : undefined;
  return { isHealthy: trouble === undefined, trouble };
}
