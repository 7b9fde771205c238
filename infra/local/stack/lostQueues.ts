import { setTimeout as sleep } from 'node:timers/promises';
import { toReason } from './stackProblem.ts';

export interface LostQueues {
  /** A consumer has found its queue gone. */
  onGone(): void;
  stop(): void;
}

interface Options {
  /** Of the topology's queues, those that are not there. */
  readonly findMissing: () => Promise<readonly string[]>;
  /** Declares the topology again, and has the relay tell what somebody has not applied. Resolves with what was restarted for it. */
  readonly declareAgain: () => Promise<string>;
  readonly say: (line: string) => void;
  /** Several that go together are one case, and one that keeps going is no reason to do nothing else. */
  readonly pauseMs?: number;
}

/** Declares queues again that have disappeared, a while after each time that one is told of, and says so. */
export function createLostQueues({ findMissing, declareAgain, say, pauseMs = 1_000 }: Options): LostQueues {
  let isTold = false;
  let isAtWork = false;
  let isStopped = false;

  const mend = async (): Promise<void> => {
    let missing: readonly string[] = [];
    try {
      missing = await findMissing();
      // Whoever came first may have declared them.
      if (missing.length === 0 || isStopped) return;
      const restarted = await declareAgain();
      say(toDeclaredAgain(missing, 'gone'));
      say(restarted);
    } catch (error) {
      const which = missing.length === 0 ? 'a queue is gone' : toGone(missing, 'gone');
      say(`${which} and could not be declared again (${toReason(error)}): end npm start, and start it again`);
    }
  };
  const work = async (): Promise<void> => {
    isAtWork = true;
    while (isTold && !isStopped) {
      await sleep(pauseMs, undefined, { ref: false });
      isTold = false;
      if (!isStopped) await mend();
    }
    isAtWork = false;
  };

  return {
    onGone: () => {
      isTold = true;
      if (!isAtWork) void work();
    },
    stop: () => {
      isStopped = true;
    },
  };
}

const namedAtMost = 3;

/** What has been done about queues that were not there, as a line for a person. */
export function toDeclaredAgain(queues: readonly string[], how: 'gone' | 'missing'): string {
  const [they, whose] = queues.length === 1 ? ['it is', 'its consumer'] : ['they are', 'their consumers'];
  return `${toGone(queues, how)}: ${they} declared again, and ${whose} told of what came meanwhile`;
}

function toGone(queues: readonly string[], how: string): string {
  const [one] = queues;
  if (queues.length === 1) return `queue ${one} is ${how}`;
  const more = queues.length - namedAtMost;
  const names = queues.slice(0, namedAtMost).join(', ');
  return `queues ${names}${more > 0 ? ` and ${more} more` : ''} are ${how}`;
}
