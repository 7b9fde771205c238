import type { Part } from './part.ts';

/** A part that can be ended and started again while everything else stays up. */
export interface RestartablePart {
  /** Of the process that runs now, or ran last. */
  readonly pid: number;
  /** Ends it as a crash would (SIGKILL); it stays down until `restart`. */
  kill(): Promise<void>;
  stop(): Promise<void>;
  /** Starts it again, ending it first if it runs. Resolves when it is ready. */
  restart(): Promise<void>;
}

/**
 * @param start starts the part anew, with the same address each time
 * @param onUnexpectedEnd when it ended and nobody here had asked it to
 */
export async function createRestartable(
  start: () => Promise<Part>,
  onUnexpectedEnd: (part: Part, how: string) => void,
): Promise<RestartablePart> {
  let expected = false;
  const watch = (part: Part): Part => {
    void part.ended.then((how) => {
      if (part === current && !expected) onUnexpectedEnd(part, how);
    });
    return part;
  };
  let current = await start();
  watch(current);

  const end = async (how: 'stop' | 'kill'): Promise<void> => {
    expected = true;
    await current[how]();
  };
  return {
    get pid() {
      return current.pid;
    },
    kill: () => end('kill'),
    stop: () => end('stop'),
    restart: async () => {
      await end('kill');
      current = await start();
      expected = false;
      watch(current);
    },
  };
}
