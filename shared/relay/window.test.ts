import { expect, test } from '@jest/globals';
import { createWindow } from './window.ts';

const at = (n: number) => ({ commit: BigInt(n), prepare: BigInt(n) });

test('what is confirmed ends below the first place that is not', () => {
  const window = createWindow({ size: 10, maxBytes: 1_000 });
  const [a, b, c] = [window.enter(at(1), 1), window.enter(at(2), 1), window.enter(at(3), 1)];
  expect(window.confirmed).toBeUndefined();
  c();
  b();
  expect(window.confirmed).toBeUndefined();
  a();
  expect(window.confirmed).toEqual(at(3));
});

test('room comes with the oldest place, not with any', async () => {
  const window = createWindow({ size: 2, maxBytes: 1_000 });
  const [a, b] = [window.enter(at(1), 1), window.enter(at(2), 1)];
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
  const window = createWindow({ size: 3, maxBytes: 1_000 });
  for (let n = 1; n <= 1_000; n += 1) {
    await window.room();
    const done = window.enter(at(n), 1);
    queueMicrotask(done);
  }
  await window.empty();
  expect(window.confirmed).toEqual(at(1_000));
});

test('nobody waits for an abandoned window', async () => {
  const window = createWindow({ size: 1, maxBytes: 1_000 });
  window.enter(at(1), 1);
  const waiting = Promise.all([window.room(), window.empty()]);
  window.abandon();
  await waiting;
  expect(window.confirmed).toBeUndefined();
});

test('is full by bytes as well, and lets a single large one in', async () => {
  const window = createWindow({ size: 10, maxBytes: 100 });
  const large = window.enter(at(1), 5_000);
  expect(window.isFull).toBe(true);
  large();
  expect(window.isFull).toBe(false);
  window.enter(at(2), 60);
  window.enter(at(3), 60);
  expect(window.isFull).toBe(true);
});

test('positions that need no place move it on, and wait behind what is open', () => {
  const window = createWindow({ size: 2, maxBytes: 100 });
  window.pass(at(1));
  expect(window.confirmed).toEqual(at(1));
  const open = window.enter(at(2), 1);
  for (let n = 3; n <= 1_000; n += 1) window.pass(at(n));
  expect(window.confirmed).toEqual(at(1));
  open();
  expect(window.confirmed).toEqual(at(1_000));
});

test('one that stays open keeps the rest from growing behind it', () => {
  const window = createWindow({ size: 3, maxBytes: 1_000 });
  window.enter(at(1), 1);
  window.enter(at(2), 1)();
  window.enter(at(3), 1)();
  expect(window.isFull).toBe(true);
});
