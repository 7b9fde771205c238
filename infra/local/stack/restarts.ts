import type { UnexpectedEnd } from './supervisor.ts';

const maxRestarts = 3;
const withinMs = 30_000;

export interface Restarts {
  /** True when the part is being started again; false when it cannot be, or has ended too often of late. */
  tryRestart(ended: UnexpectedEnd): boolean;
}

/** Starts relay and event source again as the cloud would: a crash of either loses nothing. */
export function createRestarts(say: (line: string) => void, giveUp: () => void): Restarts {
  const endedAtMs = new Map<string, readonly number[]>();
  return {
    tryRestart: ({ part, how, restart }) => {
      const nowMs = performance.now();
      const recent = [...(endedAtMs.get(part) ?? []), nowMs].filter((atMs) => nowMs - atMs < withinMs);
      endedAtMs.set(part, recent);
      if (restart === undefined || part === 'functions' || recent.length > maxRestarts) return false;
      say(`${part} ended by itself (${how}); starting it again`);
      restart().then(
        () => say(`${part} runs again`),
        (error: Error) => {
          say(error.message);
          giveUp();
        },
      );
      return true;
    },
  };
}
