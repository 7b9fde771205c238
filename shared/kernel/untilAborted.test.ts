import { expect, test } from '@jest/globals';
import { untilAborted } from './untilAborted.ts';

const never = new Promise<number>(() => undefined);

test('is the promise, while nobody aborts', async () => {
  const { signal } = new AbortController();
  expect(await untilAborted(Promise.resolve(1), signal)).toBe(1);
  await expect(untilAborted(Promise.reject(new Error('no')), signal)).rejects.toThrow('no');
});

test('ends with the signal, before or after', async () => {
  expect(await untilAborted(never, AbortSignal.abort())).toBeUndefined();
  const stop = new AbortController();
  const waiting = untilAborted(never, stop.signal);
  stop.abort();
  expect(await waiting).toBeUndefined();
});
