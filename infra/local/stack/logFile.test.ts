import { expect, test } from '@jest/globals';
import { toLogLine } from './logFile.ts';

test('keeps a JSON line as it is', () => {
  expect(toLogLine('functions', '{"service":"placeOrder"}')).toBe('{"service":"placeOrder"}');
});

test('makes any other line a message of its part, without colours', () => {
  expect(toLogLine('functions', '\u001b[31mUnhandled exception\u001b[39m')).toBe(
    '{"service":"functions","message":"Unhandled exception"}',
  );
});

test('leaves out what says nothing', () => {
  expect(toLogLine('functions', '')).toBeUndefined();
  expect(toLogLine('functions', '│   POST | http://127.0.0.1:3000/orders   │')).toBeUndefined();
  expect(toLogLine('functions', '(λ: placeOrder) RequestId: 1  Duration: 2 ms')).toBeUndefined();
});
