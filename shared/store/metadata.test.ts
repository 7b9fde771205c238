import { expect, test } from '@jest/globals';
import { metadata } from '../testing/builders.ts';
import { parseStoredMetadata, toStoredMetadata } from './metadata.ts';

const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';
const stored = toStoredMetadata({ ...metadata, traceparent });

test('metadata survives a round trip, with and without a trace', () => {
  expect(parseStoredMetadata(toStoredMetadata(metadata), () => 'here')).toStrictEqual(metadata);
  expect(parseStoredMetadata(stored, () => 'here')).toStrictEqual({ ...metadata, traceparent });
  expect(toStoredMetadata(metadata)).toMatchObject({ $correlationId: 'correlation-1', $causationId: 'cause-1' });
});

test('metadata that says nothing of its origin is refused', () => {
  expect(() => parseStoredMetadata({ occurredAt: 'yesterday' }, () => 'X at s@0')).toThrow(/X at s@0.*correlationId/s);
});

test('what others have added beside is left out', () => {
  expect(parseStoredMetadata({ ...toStoredMetadata(metadata), $more: 1 }, () => 'here')).toStrictEqual(metadata);
});

test.each<[keyof typeof stored, readonly unknown[]]>([
  ['$correlationId', [undefined, null, 7, {}]],
  ['$causationId', [undefined, null, 7, []]],
  ['schemaVersion', [undefined, null, 0, -1, 1.5, '1', Number.NaN, 2 ** 53]],
  ['occurredAt', [undefined, null, 0, '', 'yesterday', '2026-13-01T00:00:00.000Z']],
  ['actor', [undefined, null, 7, true]],
  ['traceparent', [null, 7, {}]],
])('a wrong %s is refused, and it alone is named', (name, values) => {
  for (const value of values) {
    const parse = (): unknown => parseStoredMetadata({ ...stored, [name]: value }, () => 'X at s@0');
    expect(parse).toThrow(`metadata of X at s@0: missing or wrong: ${name}`);
    expect(parse).toThrow(expect.objectContaining({ code: 'store/malformed-event' }));
  }
});

test.each([undefined, null, 'text', 7, [], new Uint8Array(3)])('what is no metadata at all is refused: %s', (value) => {
  expect(() => parseStoredMetadata(value, () => 'here')).toThrow(
    'metadata of here: missing or wrong: $correlationId, $causationId, schemaVersion, occurredAt, actor',
  );
});
