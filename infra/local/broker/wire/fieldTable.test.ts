import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ByteReader } from './byteReader.ts';
import { checkTable } from './checkTable.ts';
import { isSameField } from './fieldNames.ts';
import { encodeTable, type Field, type FieldTable, longText, readTable, tableOf } from './fieldTable.ts';

const fields: readonly Field[] = [
  { tag: 't', value: true },
  { tag: 't', value: false },
  { tag: 'b', value: -128 },
  { tag: 'B', value: 255 },
  { tag: 's', value: -32_768 },
  { tag: 'u', value: 65_535 },
  { tag: 'I', value: -2_147_483_648 },
  { tag: 'i', value: 4_294_967_295 },
  { tag: 'l', value: -(2n ** 63n) },
  { tag: 'L', value: 2n ** 63n - 1n },
  { tag: 'T', value: 2n ** 64n - 1n },
  { tag: 'f', value: 0.5 },
  { tag: 'd', value: 0.1 },
  { tag: 'D', scale: 2, value: 12_345 },
  { tag: 'S', value: Buffer.from('text') },
  { tag: 'x', value: Buffer.from([0, 255]) },
  { tag: 'V' },
  { tag: 'A', value: [{ tag: 'V' }, { tag: 'A', value: [] }, { tag: 't', value: true }] },
  { tag: 'F', value: tableOf({ inner: { tag: 'F', value: tableOf({ deep: longText('x') }) } }) },
];

test.each(fields)('a field %j comes out as it went in', (field) => {
  const table = tableOf({ first: field, 'second, with another name': field });
  expect(readTable(new ByteReader(encodeTable(table)))).toEqual(table);
});

test('a check passes exactly what a read takes', () => {
  const good = encodeTable(new Map(fields.map((field, index) => [`field ${index}`, field])));
  const outcome = (read: (reader: ByteReader) => unknown, bytes: Buffer): string => {
    const reader = new ByteReader(bytes);
    try {
      read(reader);
      return `taken, ${reader.remaining} left`;
    } catch {
      return 'refused';
    }
  };
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 40 }).map((noise) => Buffer.concat([Buffer.from([0, 0, 0, noise.length]), noise])),
    fc.tuple(fc.nat(good.length - 1), fc.nat(255)).map(([at, value]) => {
      const bent = Buffer.from(good);
      bent[at] = value;
      return bent;
    }),
  );
  const property = fc.property(bytes, (each) => {
    expect(outcome(checkTable, each)).toBe(outcome(readTable, each));
  });
  fc.assert(property, { seed: 3, numRuns: 5000 });
});

test('an empty table is four zero bytes', () => {
  expect([...encodeTable(tableOf({}))]).toEqual([0, 0, 0, 0]);
});

test('an unknown type is refused', () => {
  expect(() => readTable(new ByteReader(Buffer.from([0, 0, 0, 3, 1, 97, 90])))).toThrow("unknown field table type 'Z'");
});

test('nesting ends before the stack does', () => {
  let table: FieldTable = tableOf({});
  for (let depth = 0; depth < 2000; depth += 1) table = tableOf({ t: { tag: 'F', value: table } });
  expect(() => readTable(new ByteReader(encodeTable(table)))).toThrow('nested deeper');
});

test('whole numbers are the same whatever their width, other types are not', () => {
  expect(isSameField({ tag: 'b', value: 5 }, { tag: 'l', value: 5n })).toBe(true);
  expect(isSameField({ tag: 'b', value: 5 }, { tag: 'd', value: 5 })).toBe(false);
  expect(isSameField(longText('5'), longText('5'))).toBe(true);
  expect(isSameField(longText('5'), { tag: 'x', value: Buffer.from('5') })).toBe(false);
});
