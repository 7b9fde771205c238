/**
 * What `promise` gives, or undefined as soon as `signal` aborts. Unlike a race with one promise that lives as long as the
 * signal, it leaves nothing behind on it, so it may be called for every item of an endless stream.
 */
export function untilAborted<Value>(promise: Promise<Value>, signal: AbortSignal): Promise<Value | undefined> {
  return new Promise((resolve, reject) => {
    const abort = (): void => resolve(undefined);
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort));
  });
}
