import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
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

/**
 * Starts a DynamoDB (dynalite) on loopback, in memory and without tables unless a folder has some.
 *
 * @throws in one line when the port is taken or the folder in use
 */
export async function startDynamo({ port = 0, directory }: Options = {}): Promise<RunningServer> {
  if (directory === undefined) return listen(dynalite({ createTableMs: 0 }), port);
  mkdirSync(directory, { recursive: true });
  // LevelDB has a lock of its own, but dynalite finds it taken only with its first request, and falls over.
  const unlock = lockDirectory(directory);
  try {
    const { url, stop } = await listen(dynalite({ createTableMs: 0, path: join(directory, 'tables') }), port);
    return { url, stop: () => stop().finally(unlock) };
  } catch (error) {
    unlock();
    throw error;
  }
}
