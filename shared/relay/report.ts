import type { Clock } from '../kernel/clock.ts';
import { type Backlog, isTold } from './backlog.ts';
import { findTrouble, type RelayTrouble } from './health.ts';
import { measureLag } from './lag.ts';
import type { RelayError, RelayStatus } from './status.ts';

/** A relay's own account of how it is doing, as JSON: at its health endpoint, in its row and at `GET /ops/relay`. */
export interface RelayReport {
  readonly state: RelayStatus['state'];
  readonly isHealthy: boolean;
  readonly trouble?: RelayTrouble;
  readonly fencing: number;
  readonly handovers: number;
  readonly published: number;
  readonly ratePerSecond: number;
  /** Events stored and not confirmed; see lag.ts for how far it is an estimate. */
  readonly lagEvents?: number;
  readonly lagSeconds?: number;
  /** Messages that wait for their confirm. */
  readonly inWindow: number;
  readonly isPaused: boolean;
  readonly failures: number;
  readonly lastError?: RelayError;
  readonly malformed: number;
  readonly lastMalformed?: { readonly stream: string; readonly revision: string; readonly reason: string };
  readonly unrouted?: number;
  /** Everything up to this position is confirmed. */
  readonly confirmed?: string;
  readonly head?: string;
  /** Categories that are published from their beginning beside the news: up to where they are, and where that ends. */
  readonly backlog?: { readonly categories: readonly string[]; readonly position?: string; readonly until: string };
}

export function toReport(status: RelayStatus, clock: Pick<Clock, 'now' | 'elapsedMs'>): RelayReport {
  const { state, fencing, handovers, published, ratePerSecond, window, failures, malformed } = status;
  const { lastError, lastMalformed, unrouted, confirmed, head } = status;
  const trouble = findTrouble(status, clock.elapsedMs());
  const lag = measureLag(status, clock.now());
  const backlog = status.backlog?.current();
  return {
    state,
    isHealthy: trouble === undefined,
    ...(trouble && { trouble }),
    fencing,
    handovers,
    published,
    ratePerSecond: Math.round(ratePerSecond),
    ...(lag.events !== undefined && { lagEvents: lag.events }),
    ...(lag.seconds !== undefined && { lagSeconds: Math.round(lag.seconds * 10) / 10 }),
    inWindow: window?.length ?? 0,
    isPaused: status.pausedSinceMs !== undefined,
    failures,
    ...(lastError && { lastError }),
    malformed,
    ...(lastMalformed && { lastMalformed }),
    ...(unrouted !== undefined && { unrouted }),
    ...(confirmed && { confirmed: String(confirmed.commit) }),
    ...(head && { head: String(head.commit) }),
    ...(backlog && !isTold(backlog) && { backlog: toReportedBacklog(backlog) }),
  };
}

const toReportedBacklog = ({ categories, position, until }: Backlog): NonNullable<RelayReport['backlog']> => ({
  categories,
  ...(position && { position: String(position.commit) }),
  until: String(until.commit),
});
