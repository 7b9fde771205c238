import { expect, test } from '@jest/globals';
import { createReturns } from './returns.ts';

test('as often as a message came back, and no more often', () => {
  const returns = createReturns();
  expect(returns.take('a')).toBe(false);
  for (const id of ['a', 'b', 'a']) returns.note(id);
  expect(['a', 'a', 'a', 'b', 'b', 'c'].map((id) => returns.take(id))).toEqual([true, true, false, true, false, false]);
  returns.note('a');
  expect(returns.take('a')).toBe(true);
});
