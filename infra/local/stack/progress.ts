const sayEveryMs = 2_000;

export interface Progress {
  update(waitingFor: readonly string[]): void;
  stop(): void;
}

/** Says every two seconds what is still being waited for; a start that is quicker says nothing. */
export function showProgress(say: (line: string) => void): Progress {
  const sinceMs = performance.now();
  let current: readonly string[] = [];
  const timer = setInterval(() => {
    const seconds = Math.round((performance.now() - sinceMs) / 1_000);
    say(`starting: waiting for ${current.join(', ') || 'the programs to load'} (${seconds} s)`);
  }, sayEveryMs);
  return {
    update: (waitingFor) => {
      current = waitingFor;
    },
    stop: () => clearInterval(timer),
  };
}
