import { expect, test } from '@jest/globals';
import { parseStreamMetadata, withTruncateBefore } from './streamMetadata.ts';

const parse = (text: string, isJson = true) => parseStreamMetadata(isJson, Buffer.from(text));

test.each([
  ['{"$maxCount":2,"$maxAge":3,"$tb":4}', { maxCount: 2, maxAgeSeconds: 3, truncateBefore: 4 }],
  ['{"$maxCount":0,"$maxAge":-1,"$tb":-1}', {}],
  ['{"$tb":0,"mine":1.5,"$other":2.5}', { truncateBefore: 0 }],
  ['{"$tb":9223372036854775807}', { truncateBefore: 2 ** 63, isSoftDeleted: true }],
  ['{"$tb":9223372036854775808}', {}],
  ['{"$tb":9223372036854775806}', { truncateBefore: 2 ** 63 }],
  ['{"$maxCount":1e3,"$tb":1}', {}],
  ['{"$maxCount":"2"}', {}],
  ['{"$tmp":1,"$tb":1}', {}],
  ['{"$acl":{"$r":"a","$w":["b","c"]}}', { acl: { read: ['a'], write: ['b', 'c'] } }],
  ['{"$acl":{"$r":[1]},"$tb":1}', {}],
  ['{"$cacheControl":2147483648,"$tb":1}', {}],
  ['{"mine":{"$tb":1.5,"$maxCount":"2"},"$tb":1}', { truncateBefore: 1 }],
  ['[1]', {}],
  ['nonsense', {}],
  ['', {}],
])('%s is understood', (text, wanted) => {
  expect(parse(text)).toEqual(wanted);
});

test('what is not flagged as JSON says nothing', () => {
  expect(parse('{"$tb":1}', false)).toEqual({});
});

test('a revived stream keeps its metadata beside the new truncation', () => {
  const revived = withTruncateBefore(true, Buffer.from('{"a":1,"$tb":9223372036854775807}'), 3);
  expect(JSON.parse(revived.toString())).toEqual({ a: 1, $tb: 3 });
  expect(withTruncateBefore(true, Buffer.from('nonsense'), 3).toString()).toBe('{"$tb":3}');
});

test('what an application keeps in the metadata of a revived stream stays as it was written', () => {
  const mine = '{"big":9223372036854775807,"exact":0.10,"list":[1e400,{"deep":12345678901234567890}],"text":"1"';
  expect(withTruncateBefore(true, Buffer.from(`${mine}}`), 3).toString()).toBe(`${mine},"$tb":3}`);
});
