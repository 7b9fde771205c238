import { expect, test } from '@jest/globals';
import { toBackoffMs } from './backoff.ts';

const limits = { firstMs: 250, maxMs: 10_000 };

test('doubles with every failure, up to its cap', () => {
  const longest = Array.from({ length: 8 }, (_, n) => toBackoffMs(n + 1, limits, 1));

  expect(longest).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 10_000, 10_000]);
});

test('spreads over the upper half of the wait', () => {
  expect(toBackoffMs(2, limits, 0)).toBe(250);
  expect(toBackoffMs(2, limits, 0.5)).toBe(375);
});

test('stays at its cap however long it goes on', () => {
  expect(toBackoffMs(5_000, limits, 1)).toBe(10_000);
});
