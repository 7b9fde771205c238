import type { Position } from '../store/eventStore.ts';
import type { Backlog } from './backlog.ts';
import type { RelayReport } from './report.ts';

/**
 * Which of the relays that are running publishes: one row, taken and kept by conditional writes alone. Contract:
 * lease.contract.ts.
 *
 * No clock is compared with another. A standby watches the row: when it has not changed for `takeOverMs` by the standby's
 * own clock, its holder is taken for dead. The holder stops publishing when it has not managed to renew for `safeMs` by
 * its own. So wall clocks may differ by any amount; only the speed of the two clocks may not differ by more than
 * takeOverMs / safeMs, a quarter with the defaults.
 */
export interface Lease {
  readonly timing: LeaseTiming;
  /** What its holder publishes. */
  readonly categories: readonly string[];
  /**
   * Takes the lease when it is free: never held, given back, or its holder silent for `takeOverMs` since this process
   * began to watch. Undefined while somebody else has it: ask again after `pollMs`.
   *
   * @throws Fault table/unavailable
   */
  tryAcquire(): Promise<HeldLease | undefined>;
}

export interface HeldLease {
  /** Grows by one with each holder. */
  readonly fencing: number;
  /** The checkpoint that the last holder left; undefined before the first. */
  readonly position: Position | undefined;
  /** What those before it did not publish below the checkpoint. */
  readonly backlog: Backlog | undefined;
  /** Somebody else has it, or may have by now: stop publishing. */
  readonly isLost: boolean;
  /**
   * Keeps the lease, moves the checkpoint and leaves the holder's report, in one write that succeeds for its holder alone.
   * `backlog` is the one that it was taken with, as far as it is published by now; left out: as far as it was. False: it is lost.
   *
   * @throws Fault table/unavailable: it may have been written or not
   */
  renew(position: Position | undefined, report?: RelayReport, backlog?: Backlog): Promise<boolean>;
  /** Gives it back, so that a standby takes it at its next look. Nothing happens when it was lost. */
  release(position: Position | undefined, report?: RelayReport, backlog?: Backlog): Promise<void>;
}

/** The lease as it looks from outside. */
export interface LeaseView {
  readonly fencing: number;
  /** Undefined when it was given back. */
  readonly owner?: string;
  /** When its holder last wrote, by the holder's own wall clock; ISO 8601. */
  readonly renewedAt: string;
  readonly position?: Position;
  /** What the holder said of itself when it last wrote. */
  readonly report?: RelayReport;
}

export interface LeaseTiming {
  /** How often a holder renews at least. */
  readonly renewMs: number;
  /** How long after its last renewal a holder still publishes. */
  readonly safeMs: number;
  /** How long a standby watches a silent holder before it takes over. */
  readonly takeOverMs: number;
  /** How often a standby looks. */
  readonly pollMs: number;
}

/** A killed relay is replaced within `takeOverMs` and one look, one that gives back its lease within one look. */
export const leaseTimingFor = (takeOverMs: number): LeaseTiming => ({
  renewMs: takeOverMs * 0.3,
  safeMs: takeOverMs * 0.8,
  takeOverMs,
  pollMs: takeOverMs * 0.05,
});

export const leaseTiming = leaseTimingFor(5_000);
