import { randomInt } from 'node:crypto';
import { ProtoWriter } from '../wire/protoWriter.ts';

/** Values that often mean something to this server. */
export const TEXTS = [
  '',
  'a',
  'group',
  'stream-1',
  '$all',
  '$$stream-1',
  '$$',
  '$settings',
  '$by_category',
  'ž\u0000\ud83d\ude00',
  '(',
  '^(a+)+$',
  '(?=a)',
  '^[^$].*',
  '00112233-4455-6677-8899-aabbccddeeff',
  'type',
  'content-type',
  'application/json',
  '{"$tb":9223372036854775807,"$maxCount":-1}',
  '9223372036854775807@stream-1',
  'fromAll().when({ $any: (s, e) => { emit("out", "T", {}); } })',
  'fromAll().when()',
  'x'.repeat(5000),
];
const NUMBERS = [
  0n,
  1n,
  2n,
  3n,
  10n,
  500n,
  2n ** 31n,
  2n ** 32n - 1n,
  2n ** 53n,
  2n ** 63n - 1n,
  2n ** 63n,
  2n ** 64n - 1n,
];
/** One of them. */
export const pick = <T>(values: readonly T[]): T => values[randomInt(values.length)] as T;

/** A random message. Field numbers, nesting and values are such that they often mean something. */
export function randomMessage(depth: number): Buffer {
  const writer = new ProtoWriter();
  for (let fields = randomInt(6); fields > 0; fields--) {
    const field = randomInt(20) === 0 ? randomInt(1, 500) : randomInt(1, 17);
    const kind = randomInt(depth > 0 ? 10 : 5);
    if (kind < 2) writer.varint(field, pick(NUMBERS));
    else if (kind < 5) writer.bytes(field, Buffer.from(pick(TEXTS)));
    else writer.bytes(field, randomMessage(depth - 1));
  }
  return writer.finish();
}
