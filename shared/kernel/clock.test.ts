import { expect, test } from '@jest/globals';
import { durationSince } from './clock.ts';

test('a duration is told in milliseconds, to the microsecond', () => {
  expect(durationSince({ elapsedMs: () => 101.234_567_8 }, 100)).toBe(1.235);
  expect(durationSince({ elapsedMs: () => 100 }, 100)).toBe(0);
});
