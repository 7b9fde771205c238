import { expect, test } from '@jest/globals';
import { parseOrderId, toEventId, toOrderId } from './ids.ts';

test('the same customer and key always name the same order', () => {
  expect(toOrderId('c-1', 'key-1')).toBe('071ef22f-f9d8-5d2b-b3f3-1be75ad5deea');
  expect(toOrderId('c-1', 'key-1')).toBe(toOrderId('c-1', 'key-1'));
});

test('parts that join to the same text stay apart', () => {
  expect(toOrderId('c-1', '2')).not.toBe(toOrderId('c', '1-2'));
  expect(toEventId('a', 'b', 's1', 1, 'T')).not.toBe(toEventId('a', 'b', 's', 11, 'T'));
});

test('an order id is a UUID, in lower case whichever way it came, and nothing else', () => {
  expect(parseOrderId('1a07d7c9-d68f-59b4-8c3b-2a7b70fb0d0f')).toBeDefined();
  expect(parseOrderId('$all')).toBeUndefined();
  expect(parseOrderId('1A07D7C9-D68F-59B4-8C3B-2A7B70FB0D0F')).toBe('1a07d7c9-d68f-59b4-8c3b-2a7b70fb0d0f');
});
