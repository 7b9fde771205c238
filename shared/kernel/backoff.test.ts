import { expect, test } from '@jest/globals';
import { backoffMs } from './backoff.ts';

const most = { baseMs: 100, maxMs: 5_000, random: () => 0.999_999 };
const least = { ...most, random: () => 0 };

test('doubles and stays under its cap, however often it failed', () => {
  expect([1, 2, 3, 7, 1_000].map((failures) => backoffMs(failures, most))).toEqual([100, 200, 400, 5_000, 5_000]);
});

test('is at least half of that', () => {
  expect([1, 2, 1_000].map((failures) => backoffMs(failures, least))).toEqual([50, 100, 2_500]);
});
