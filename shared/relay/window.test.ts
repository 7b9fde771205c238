import { expect, test } from '@jest/globals';
import { createWindow } from './window.ts';

const at = (n: number) => ({ commit: BigInt(n), prepare: BigInt(n) });

test('what is confirmed ends below the first place that is not', () => {
  const window = createWindow(10);
  const [a, b, c] = [window.enter(at(1)), window.enter(at(2)), window.enter(at(3))];
  expect(window.confirmed).toBeUndefined();
  c();
  b();
  expect(window.confirmed).toBeUndefined();
  a();
  expect(window.confirmed).toEqual(at(3));
});

test('room comes with the oldest place, not with any', async () => {
  const window = createWindow(2);
  const [a, b] = [window.enter(at(1)), window.enter(at(2))];
  let hasRoom = false;
  const room = window.room().then(() => {
    hasRoom = true;
  });
  b();
  await Promise.resolve();
  expect(hasRoom).toBe(false);
  a();
  await room;
  expect(window.length).toBe(0);
});

test('keeps its order over many rounds', async () => {
  const window = createWindow(3);
  for (let n = 1; n <= 1_000; n += 1) {
    await window.room();
    const done = window.enter(at(n));
    queueMicrotask(done);
  }
  await window.empty();
  expect(window.confirmed).toEqual(at(1_000));
});

test('nobody waits for an abandoned window', async () => {
  const window = createWindow(1);
  window.enter(at(1));
  const waiting = Promise.all([window.room(), window.empty()]);
  window.abandon();
  await waiting;
  expect(window.confirmed).toBeUndefined();
});
