import { expect, test } from '@jest/globals';
import { lazy } from './lazy.ts';

test('makes the value once, on first use, and again after a drop', () => {
  let made = 0;
  const value = lazy(() => ++made);
  expect(made).toBe(0);
  expect([value(), value()]).toEqual([1, 1]);
  value.drop(1);
  expect(value()).toBe(2);
  value.drop(1);
  expect(value()).toBe(2);
});

test('what is dropped is discarded, once', () => {
  const discarded: object[] = [];
  const value = lazy(
    () => ({}),
    (gone) => discarded.push(gone),
  );
  const first = value();
  value.drop(first);
  value.drop(first);
  expect(value()).not.toBe(first);
  expect(discarded).toEqual([first]);
});
