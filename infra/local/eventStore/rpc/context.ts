import type { Metadata } from '@grpc/grpc-js';
import type { Committer } from '../log/committer.ts';
import type { EventLog } from '../log/eventLog.ts';

/** Who makes a call. */
export interface User {
  readonly name: string;
}

/** What the services share. */
export interface Context {
  readonly log: EventLog;
  readonly committer: Committer;
  /** The largest sum of data bytes one append may have. */
  readonly maxAppendBytes: number;
  /** Who sent these headers. Without security, everybody is `system`. */
  userOf(headers: Metadata): User;
}
