import { expect, test } from '@jest/globals';
import { longText, tableOf } from './fieldTable.ts';
import { type BasicProperties, checkProperties, decodeProperties, encodeProperties } from './properties.ts';

const all: BasicProperties = {
  contentType: 'application/json',
  contentEncoding: 'utf-8',
  headers: tableOf({ a: longText('b') }),
  deliveryMode: 2,
  priority: 9,
  correlationId: 'c',
  replyTo: 'r',
  expiration: '1000',
  messageId: 'm',
  timestamp: 1_700_000_000n,
  type: 't',
  userId: 'guest',
  appId: 'a',
  clusterId: 'k',
};

test('all fourteen come out as they went in', () => {
  expect(decodeProperties(encodeProperties(all))).toEqual(all);
});

test.each(Object.keys(all) as (keyof BasicProperties)[])('%s alone comes out as it went in', (name) => {
  const one = { [name]: all[name] };
  const bytes = encodeProperties(one);
  checkProperties(bytes);
  expect(decodeProperties(bytes)).toEqual(one);
});

test('none are two zero bytes', () => {
  expect([...encodeProperties({})]).toEqual([0, 0]);
});

test('values that are shorter or longer than the flags say are refused', () => {
  const bytes = encodeProperties(all);
  checkProperties(bytes);
  for (let end = 0; end < bytes.length; end += 1) {
    expect(() => checkProperties(bytes.subarray(0, end))).toThrow('SYNTAX_ERROR');
  }
  expect(() => checkProperties(Buffer.concat([bytes, Buffer.alloc(1)]))).toThrow('1 bytes after the last property');
});
