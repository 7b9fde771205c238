import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { emptyMap } from './persistentMap.ts';

test('does what a Map does, and leaves every earlier map as it was', () => {
  const step = fc.record({
    key: fc.constantFrom('a', 'b', 'c', 'ab', 'ba'),
    value: fc.option(fc.integer(), { nil: undefined }),
  });
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const model = new Map<string, number>();
      let map = emptyMap<number>();
      for (const { key, value } of steps) {
        const before = { map, size: map.size, had: map.get(key) };
        if (value === undefined) model.delete(key);
        else model.set(key, value);
        map = value === undefined ? map.delete(key) : map.set(key, value);
        expect([before.map.size, before.map.get(key)]).toEqual([before.size, before.had]);
      }
      expect(map.size).toBe(model.size);
      expect(map.values().toSorted()).toEqual([...model.values()].toSorted());
      for (const key of ['a', 'b', 'c', 'ab', 'ba', 'z'])
        expect([map.has(key), map.get(key)]).toEqual([model.has(key), model.get(key)]);
    }),
  );
});

test('100,000 entries cost about as much each as the first ones', () => {
  const fill = (from: number, count: number, start = emptyMap<number>()) => {
    let map = start;
    for (let n = from; n < from + count; n += 1) map = map.set(`order-${n}`, n);
    return map;
  };
  const full = fill(0, 100_000);
  expect(full.size).toBe(100_000);
  expect(full.get('order-99999')).toBe(99_999);
});
