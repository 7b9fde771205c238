import type { Position } from '../store/eventStore.ts';
import type { RelayTrouble } from './health.ts';
import type { LeaseView } from './lease.ts';
import type { RelayReport } from './report.ts';

/** The relay from outside: its lease's row beside the end of the store, so that a dead relay does not speak for itself. */
export interface RelayOverview {
  readonly isHealthy: boolean;
  /** `absent`: nobody has written the row for half a minute. */
  readonly trouble?: RelayTrouble | 'absent';
  /** There are stored events that are not published yet. */
  readonly isBehind: boolean;
  readonly owner?: string;
  readonly fencing: number;
  readonly renewedAt?: string;
  /** Everything up to here is published; the commit position. */
  readonly position?: string;
  /** Where the newest event to publish stands. */
  readonly head?: string;
  /** What the holder said when it last wrote. */
  readonly report?: RelayReport;
}

/** Wall clocks of two machines are compared: far more than they may differ, far less than anybody should wait for a relay. */
const absentMs = 30_000;

export function toOverview(view: LeaseView | undefined, head: Position | undefined, now: Date): RelayOverview {
  const silentMs = view ? now.getTime() - Date.parse(view.renewedAt) : Number.POSITIVE_INFINITY;
  const trouble = silentMs > absentMs ? 'absent' : view?.report?.trouble;
  return {
    isHealthy: trouble === undefined,
    ...(trouble && { trouble }),
    isBehind: head !== undefined && head.commit > (view?.position?.commit ?? -1n),
    ...(view?.owner !== undefined && { owner: view.owner }),
    fencing: view?.fencing ?? 0,
    ...(view && { renewedAt: view.renewedAt }),
    ...(view?.position && { position: String(view.position.commit) }),
    ...(head && { head: String(head.commit) }),
    ...(view?.report && { report: view.report }),
  };
}
