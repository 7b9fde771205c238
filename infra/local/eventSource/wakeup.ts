/** One waiter, woken early by anybody. A wake-up while nobody waits is kept for the next one who does. */
export interface Wakeup {
  /** Resolves after `ms` (undefined: never by itself), or as soon as somebody wakes it. */
  wait(ms: number | undefined): Promise<void>;
  wake(): void;
}

export function createWakeup(): Wakeup {
  let pending = false;
  let resume: (() => void) | undefined;
  return {
    wait: (ms) =>
      new Promise((resolve) => {
        const timer = ms === undefined ? undefined : setTimeout(() => resume?.(), ms);
        resume = () => {
          clearTimeout(timer);
          resume = undefined;
          pending = false;
          resolve();
        };
        if (pending) resume();
      }),
    wake: () => {
      pending = true;
      resume?.();
    },
  };
}
