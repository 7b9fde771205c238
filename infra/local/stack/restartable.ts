import { createTurns } from '../../../shared/kernel/turns.ts';
import type { Part } from './part.ts';

/** A part that can be ended and started again while everything else stays up. */
export interface RestartablePart {
  /** Of the process that runs now, or ran last. */
  readonly pid: number;
  /** Ends it as a crash would (SIGKILL); it stays down until `restart`. */
  kill(): Promise<void>;
  /** Asks it to end, also while it is being started; it stays down until `restart`. */
  stop(): Promise<void>;
  /** Starts it again, ending it first if it runs. Resolves when it is ready; rejects when it does not come up. */
  restart(): Promise<void>;
}

/**
 * What is asked of a part is done one after another, whoever asks: never two processes of one part at a time.
 *
 * @param start starts the part anew, with the same address each time; aborting its signal gives that up
 * @param onUnexpectedEnd when it ended and nobody here had asked it to
 */
export async function createRestartable(
  start: (signal: AbortSignal) => Promise<Part>,
  onUnexpectedEnd: (part: Part, how: string) => void,
): Promise<RestartablePart> {
  const inTurn = createTurns();
  /** Starts that can still be given up. */
  const starting = new Set<AbortController>();
  let expected = true;
  let current: Part;

  const launch = async (signal: AbortSignal): Promise<void> => {
    const part = await start(signal);
    current = part;
    expected = false;
    void part.ended.then((how) => {
      if (part === current && !expected) onUnexpectedEnd(part, how);
    });
  };
  const end = async (how: 'stop' | 'kill'): Promise<void> => {
    expected = true;
    await current[how]();
  };

  await launch(new AbortController().signal);
  return {
    get pid() {
      return current.pid;
    },
    kill: () => inTurn('', () => end('kill')),
    stop: () => {
      for (const controller of starting) controller.abort();
      return inTurn('', () => end('stop'));
    },
    restart: async () => {
      const controller = new AbortController();
      starting.add(controller);
      try {
        await inTurn('', async () => {
          await end('kill');
          await launch(controller.signal);
        });
      } finally {
        starting.delete(controller);
      }
    },
  };
}
