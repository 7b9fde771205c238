import { expect, test } from '@jest/globals';
import { ByteWriter } from './byteWriter.ts';

test('what lies between two marks stays together when a chunk is full, and can be patched', () => {
  const writer = new ByteWriter(8);
  writer.mark();
  writer.bytes(Buffer.from('abcde'));
  writer.mark();
  const place = writer.placeUint32();
  writer.bytes(Buffer.from('a body longer than any chunk'));
  writer.fillLength(place);
  expect(writer.size).toBe(5 + 4 + 28);
  expect(Buffer.concat(writer.take()).toString('latin1')).toBe('abcde\0\0\0\x1ca body longer than any chunk');
  expect(writer.size).toBe(0);
});

test('a piece handed over keeps its place among what is copied', () => {
  const writer = new ByteWriter(64);
  writer.bytes(Buffer.from('before '));
  writer.append(Buffer.from('piece'));
  writer.bytes(Buffer.from(' after'));
  expect(Buffer.concat(writer.take()).toString()).toBe('before piece after');
});

test('a short string is at most 255 bytes', () => {
  const writer = new ByteWriter(64);
  writer.mark();
  writer.shortText('ü'.repeat(127));
  expect(writer.written()[0]).toBe(254);
  expect(() => writer.shortText('ü'.repeat(128))).toThrow(RangeError);
});

test('a 64-bit size is exact up to 2^53', () => {
  const writer = new ByteWriter(64);
  writer.mark();
  writer.size64(Number.MAX_SAFE_INTEGER);
  expect(writer.written().readBigUInt64BE()).toBe(BigInt(Number.MAX_SAFE_INTEGER));
});
