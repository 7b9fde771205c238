import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { emptyMap, toPersistentMap } from './persistentMap.ts';

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

test('one that was made of entries is as a Map of them, whatever happens to it after', () => {
  const key = fc.constantFrom<string[]>('a', 'b', 'c', 'd', 'e');
  const entries = fc.array(fc.tuple(key, fc.nat()));
  const change = fc.oneof(
    fc.record({ what: fc.constant('set' as const), key, value: fc.nat() }),
    fc.record({ what: fc.constant('delete' as const), key }),
  );
  fc.assert(
    fc.property(entries, fc.array(change), (initial, changes) => {
      const expected = new Map(initial);
      let map = toPersistentMap(initial);
      for (const next of changes) {
        const before = map.entries();
        const after = next.what === 'set' ? map.set(next.key, next.value) : map.delete(next.key);
        expect(map.entries()).toEqual(before);
        map = after;
        if (next.what === 'set') expected.set(next.key, next.value);
        else expected.delete(next.key);
        expect(map.size).toBe(expected.size);
        for (const name of ['a', 'b', 'c', 'd', 'e']) {
          expect([name, map.has(name), map.get(name)]).toEqual([name, expected.has(name), expected.get(name)]);
        }
      }
      expect(new Map(map.entries())).toEqual(expected);
      expect(map.values().toSorted()).toEqual([...expected.values()].toSorted());
    }),
  );
});
