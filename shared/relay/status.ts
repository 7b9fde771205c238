/** How a relay is doing, as it sees itself; written by its parts, read by its host. */
export interface RelayStatus {
  state: 'standby' | 'relaying' | 'failing' | 'stopped';
  /** Of the lease that it holds or held last; 0 before the first. */
  fencing: number;
  /** Published and confirmed by this process. */
  published: number;
  /** Stored events that are no events of ours: not published, left where they are. */
  malformed: number;
  /** Runs that ended in a failure, in a row. */
  failures: number;
  /** Of the last failure; it stays when things go well again. */
  lastError: { readonly code: string; readonly message: string; readonly at: string } | undefined;
  /** History is exhausted; what comes is news. */
  isCaughtUp: boolean;
  /** The broker or its socket takes nothing for now. */
  isPaused: boolean;
  /** Messages that wait for their confirm. */
  inWindow: number;
  /** When the last confirm came, by the monotonic clock. */
  lastConfirmedMs: number;
  /** When the event that was confirmed last was decided, ISO 8601. */
  lastOccurredAt: string | undefined;
}

export const createRelayStatus = (): RelayStatus => ({
  state: 'standby',
  fencing: 0,
  published: 0,
  malformed: 0,
  failures: 0,
  lastError: undefined,
  isCaughtUp: false,
  isPaused: false,
  inWindow: 0,
  lastConfirmedMs: 0,
  lastOccurredAt: undefined,
});
