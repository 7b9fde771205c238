import { setTimeout as sleep } from 'node:timers/promises';
import { withoutCredentials } from './settings.ts';
import type { UnexpectedEnd } from './supervisor.ts';

const maxEnds = 3;
const withinMs = 30_000;
const pauseMs = 250;

export interface Restarts {
  /** Starts the part again, and goes on trying; gives up when nothing may be lost, or it ends too often. */
  onEnd(ended: UnexpectedEnd): void;
}

interface Options {
  readonly say: (line: string) => void;
  /** With one line for a person. */
  readonly giveUp: (reason: string) => void;
}

/** Starts parts again as the cloud would, wherever that loses nothing. */
export function createRestarts({ say, giveUp }: Options): Restarts {
  const endedAtMs = new Map<string, readonly number[]>();
  /** Parts that are being started again, and whether they have ended meanwhile. */
  const restarting = new Map<string, { hasEnded: boolean }>();

  /** False when it has ended too often of late. */
  const mayGoOn = (part: string): boolean => {
    const nowMs = performance.now();
    const recent = [...(endedAtMs.get(part) ?? []), nowMs].filter((atMs) => nowMs - atMs < withinMs);
    endedAtMs.set(part, recent);
    return recent.length <= maxEnds;
  };

  const restart = async ({ part, restart: startAgain, pid }: UnexpectedEnd): Promise<void> => {
    const state = { hasEnded: false };
    restarting.set(part, state);
    for (;;) {
      state.hasEnded = false;
      try {
        await startAgain();
        if (!state.hasEnded) break;
      } catch (error) {
        say(`${part}: ${error instanceof Error ? error.message : error}`);
        // One that ended before it was ready was counted nowhere else.
        if (!state.hasEnded && !mayGoOn(part)) return giveUp(`${part} can't be started again`);
        await sleep(pauseMs);
      }
    }
    restarting.delete(part);
    say(`${part}: running again (process ${pid()})`);
  };

  return {
    onEnd: (ended) => {
      const { part, at, how, lost } = ended;
      const where = at === undefined ? part : `${part} at ${withoutCredentials(at)}`;
      if (lost !== undefined) return giveUp(`${where} ended by itself (${how}), and with it ${lost}`);
      if (!mayGoOn(part)) return giveUp(`${where} ended by itself (${how}), ${maxEnds + 1} times within 30 s`);
      const state = restarting.get(part);
      if (state) {
        state.hasEnded = true;
        return;
      }
      say(`${where} ended by itself (${how}); starting it again`);
      void restart(ended);
    },
  };
}
