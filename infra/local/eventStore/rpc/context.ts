import type { Committer } from '../log/committer.ts';
import type { EventLog } from '../log/eventLog.ts';

/** What the services share. */
export interface Context {
  readonly log: EventLog;
  readonly committer: Committer;
  /** The largest sum of data bytes one append may have. */
  readonly maxAppendBytes: number;
}
