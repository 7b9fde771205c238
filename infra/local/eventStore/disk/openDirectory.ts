import { makeDirectory } from '../../makeDirectory.ts';
import type { Committer } from '../log/committer.ts';
import type { EventLog } from '../log/eventLog.ts';
import { lockDirectory } from './directoryLock.ts';
import { GroupCommit } from './groupCommit.ts';
import { recover } from './recover.ts';

/** A log kept in a directory: filled with what is there, and how it goes on. */
export interface OpenDirectory {
  readonly committer: Committer;
  readonly notes: readonly string[];
}

/** Throws when another process has the directory, or what is in it is damaged. */
export function openDirectory(directory: string, log: EventLog): OpenDirectory {
  makeDirectory(directory);
  const unlock = lockDirectory(directory);
  try {
    const recovery = recover(directory, log);
    const onFailure = (error: Error): void => {
      // Going on would mean to acknowledge what can be lost.
      console.error(`event store: ${directory} can't be written: ${error.message}`);
      process.exit(1);
    };
    const group = new GroupCommit(log, { directory, ...recovery, onFailure });
    const committer: Committer = {
      commit: (answer) => group.commit(answer),
      async close() {
        await group.close();
        unlock();
      },
    };
    return { committer, notes: recovery.notes };
  } catch (error) {
    unlock();
    throw error;
  }
}
