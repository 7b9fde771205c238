import { expect, test } from '@jest/globals';
import { IdMemory } from './idMemory.ts';

const toId = (n: number): Buffer => {
  const id = Buffer.alloc(16);
  id.writeUInt32BE(n, 12);
  return id;
};

test('finds the newest record of an id', () => {
  const ids = [1, 2, 1].map(toId);
  const memory = new IdMemory((ordinal, id) => id.equals(ids[ordinal] as Buffer), 4);
  for (const [ordinal, id] of ids.entries()) memory.remember(id, ordinal);
  expect(memory.find(toId(1))).toBe(2);
  expect(memory.find(toId(2))).toBe(1);
  expect(memory.find(toId(3))).toBeUndefined();
});

test('forgets the oldest when it is full, and never takes one id for another', () => {
  const ids = Array.from({ length: 100 }, (_, n) => toId(n));
  const memory = new IdMemory((ordinal, id) => id.equals(ids[ordinal] as Buffer), 4);
  for (const [ordinal, id] of ids.entries()) memory.remember(id, ordinal);
  const found = ids.map((id) => memory.find(id));
  expect(found.filter((ordinal) => ordinal !== undefined)).toHaveLength(16);
  for (const [ordinal, there] of found.entries()) expect([undefined, ordinal]).toContain(there);
  expect(found[99]).toBe(99);
});
