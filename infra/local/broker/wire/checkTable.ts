import { AmqpError } from './amqpError.ts';
import type { ByteReader } from './byteReader.ts';
import { maxDepth } from './fieldTable.ts';

/** Bytes of a value by its tag; strings, tables and arrays tell theirs themselves. */
const fixedBytes: Readonly<Record<string, number>> = {
  t: 1,
  b: 1,
  B: 1,
  s: 2,
  u: 2,
  I: 4,
  i: 4,
  f: 4,
  D: 5,
  l: 8,
  L: 8,
  T: 8,
  d: 8,
  V: 0,
};

/** Passes over a table and its length without making anything of it. Refuses with 502 exactly what `readTable` refuses. */
export function checkTable(reader: ByteReader, depth = 0): void {
  const end = enter(reader, depth);
  while (reader.remaining > end) {
    reader.skip(reader.uint8());
    checkField(reader, depth);
  }
  leave(reader, end);
}

function checkArray(reader: ByteReader, depth: number): void {
  const end = enter(reader, depth);
  while (reader.remaining > end) checkField(reader, depth);
  leave(reader, end);
}

function checkField(reader: ByteReader, depth: number): void {
  const tag = String.fromCharCode(reader.uint8());
  const bytes = fixedBytes[tag];
  if (bytes !== undefined) reader.skip(bytes);
  else if (tag === 'S' || tag === 'x') reader.skip(reader.uint32());
  else if (tag === 'F') checkTable(reader, depth + 1);
  else if (tag === 'A') checkArray(reader, depth + 1);
  else throw new AmqpError('SYNTAX_ERROR', `unknown field table type '${tag}'`);
}

/** How much is left behind the table that begins here. */
function enter(reader: ByteReader, depth: number): number {
  const length = reader.uint32();
  if (length > 0 && depth > maxDepth) throw new AmqpError('SYNTAX_ERROR', `field table nested deeper than ${maxDepth}`);
  if (length > reader.remaining) reader.skip(length);
  return reader.remaining - length;
}

function leave(reader: ByteReader, end: number): void {
  if (reader.remaining !== end) throw new AmqpError('SYNTAX_ERROR', 'a value runs over the end of its table');
}
