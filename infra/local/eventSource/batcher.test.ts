import { expect, test } from '@jest/globals';
import { decideBatch, fitsPayload, type Waiting } from './batcher.ts';

const limits = { batchSize: 3, windowMs: 500, maxBytes: 10_000 };
const waiting = (count: number, bytes = 100): Waiting[] =>
  Array.from({ length: count }, (_, n) => ({ bytes, receivedAtMs: 1_000 + n }));

test('nothing waits: nothing is due before something arrives', () => {
  expect(decideBatch([], limits, 1_000)).toEqual({ due: false, dueAtMs: undefined });
});

test('a batch that is not full waits for its window, counted from its first message', () => {
  expect(decideBatch(waiting(2), limits, 1_499)).toEqual({ due: false, dueAtMs: 1_500 });
  expect(decideBatch(waiting(2), limits, 1_500)).toEqual({ due: true, take: 2 });
});

test('a batch full by count is due at once, and takes no more', () => {
  expect(decideBatch(waiting(3), limits, 1_000)).toEqual({ due: true, take: 3 });
  expect(decideBatch(waiting(7), limits, 1_000)).toEqual({ due: true, take: 3 });
});

test('a batch full by payload is due at once, with what fits', () => {
  expect(decideBatch(waiting(3, 4_000), limits, 1_000)).toEqual({ due: true, take: 2 });
});

test('the last message of a window may fill it by payload alone', () => {
  expect(decideBatch(waiting(2, 4_000), limits, 1_000)).toEqual({ due: false, dueAtMs: 1_500 });
});

test('a message over the payload fits no batch', () => {
  expect(fitsPayload(8_976, limits.maxBytes)).toBe(true);
  expect(fitsPayload(8_977, limits.maxBytes)).toBe(false);
});
