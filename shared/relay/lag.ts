import type { RelayStatus } from './status.ts';

export interface Lag {
  /**
   * Events that are stored and not confirmed. Exact when all of them are read; otherwise what is unread is estimated by how
   * densely events lay in what was read. Undefined when nothing was read yet.
   */
  readonly events: number | undefined;
  /** Age of the oldest of them by the clock of who wrote it; undefined while none of them is read. */
  readonly seconds: number | undefined;
}

const nothing: Lag = { events: 0, seconds: 0 };
const unknown: Lag = { events: undefined, seconds: undefined };

/** Whether there is anything to publish that is not confirmed yet, as far as is known. */
const hasLag = ({ window, head, confirmed }: RelayStatus): boolean =>
  (window?.length ?? 0) > 0 || (head !== undefined && head.commit > (confirmed?.commit ?? -1n));

/** Or it can't be told: a node that was cut off from the others says nothing more, and all that it has said is confirmed. */
export const mayHaveLag = (status: RelayStatus): boolean => hasLag(status) || !status.isHeadKnown;

export function measureLag(status: RelayStatus, now: Date): Lag {
  if (!mayHaveLag(status)) return nothing;
  if (!hasLag(status)) return unknown;
  const { window, head, read } = status;
  const oldest = window?.oldest;
  const seconds = oldest === undefined ? undefined : Math.max(0, (now.getTime() - Date.parse(oldest)) / 1_000);
  const open = window?.length ?? 0;
  if (read === undefined) return { events: undefined, seconds };
  const unread = head === undefined ? 0 : Number(head.commit - read.position.commit);
  if (unread <= 0) return { events: open, seconds };
  const span = Number(read.position.commit - (read.from?.commit ?? 0n));
  return { events: open + Math.max(1, Math.round((unread * read.events) / Math.max(1, span))), seconds };
}

/** Nothing is left that could fail, as far as both the subscription and the store's end tell: whatever failed before is over. */
export function forgive(status: RelayStatus): void {
  if (status.isCaughtUp && !mayHaveLag(status)) status.failures = 0;
}
