import type { EventLog } from './eventLog.ts';

/** Decides when what was written to the log is readable and may be acknowledged. */
export interface Committer {
  /** Calls `answer` once everything written so far is safe and readable; answers come in the order of the calls. */
  commit(answer: () => void): void;
  /** Resolves once everything written is safe. */
  close(): Promise<void>;
}

/** Memory only: written is safe. */
export function createMemoryCommitter(log: EventLog): Committer {
  return {
    commit(answer) {
      log.publish(log.records.count);
      answer();
    },
    close: () => Promise.resolve(),
  };
}
