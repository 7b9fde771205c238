import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ClassicLevel } from 'classic-level';
import dynalite from 'dynalite';
import { lockDirectory } from '../eventStore/disk/directoryLock.ts';
import { listen } from '../listen.ts';
import type { RunningServer } from '../program.ts';

interface Options {
  /** 0, the default, takes any free one. */
  readonly port?: number;
  /** Keeps the tables. What was answered survives the end of the process, however it ends, and not a power cut. */
  readonly directory?: string | undefined;
}

/** Leaves nothing on the disk but what the tables hold: LevelDB keeps what was written over until it happens to tidy up. */
async function forgetOverwritten(path: string): Promise<void> {
  const level = new ClassicLevel(path);
  // The log of what was written last becomes a table of its own by that.
  await level.open();
  await level.compactRange('\0', '\uffff').finally(() => level.close());
}

/**
 * Starts a DynamoDB (dynalite) on loopback, in memory and without tables unless a folder has some. What was deleted or written
 * over, a customer's key among it, is in the folder no more once it has stopped, or after a crash once it has started again.
 *
 * @throws in one line when the port is taken or the folder in use
 */
export async function startDynamo({ port = 0, directory }: Options = {}): Promise<RunningServer> {
  if (directory === undefined) return listen(dynalite({ createTableMs: 0 }), port);
  mkdirSync(directory, { recursive: true });
  // LevelDB has a lock of its own, but dynalite finds it taken only with its first request, and falls over.
  const unlock = lockDirectory(directory);
  const path = join(directory, 'tables');
  try {
    await forgetOverwritten(path);
    const { url, stop } = await listen(dynalite({ createTableMs: 0, path }), port);
    const stopAndForget = () => stop().then(() => forgetOverwritten(path));
    return { url, stop: () => stopAndForget().finally(unlock) };
  } catch (error) {
    unlock();
    throw error;
  }
}
