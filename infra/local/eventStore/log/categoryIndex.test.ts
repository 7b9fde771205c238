import { expect, test } from '@jest/globals';
import { CategoryIndex } from './categoryIndex.ts';

const filter = (...prefixes: string[]) => ({ on: 'stream', pattern: undefined, prefixes }) as const;

test('leads from one event of its categories to the next, both ways', () => {
  const index = new CategoryIndex();
  for (const [ordinal, name] of ['a-1', 'b-1', 'c', 'a-2-x', 'b-2', '-z'].entries()) index.listFor(name)?.push(ordinal);
  const candidates = index.candidates(filter('a-', 'b-2'));
  const walk = (from: number, step: 1 | -1) => {
    const found: number[] = [];
    let at = candidates?.(from, step) ?? Number.NaN;
    for (; Number.isFinite(at); at = candidates?.(at + step, step) ?? Number.NaN) found.push(at);
    return found;
  };
  expect(walk(0, 1)).toEqual([0, 1, 3, 4]);
  expect(walk(5, -1)).toEqual([4, 3, 1, 0]);
  expect(walk(2, -1)).toEqual([1, 0]);
});

test('says nothing of filters it can not help with', () => {
  const index = new CategoryIndex();
  expect(index.candidates(undefined)).toBeUndefined();
  expect(index.candidates(filter())).toBeUndefined();
  expect(index.candidates(filter('a-', 'order'))).toBeUndefined();
  expect(index.candidates({ ...filter('a-'), on: 'type' })).toBeUndefined();
  expect(index.candidates({ ...filter('a-'), pattern: /a/ })).toBeUndefined();
});
