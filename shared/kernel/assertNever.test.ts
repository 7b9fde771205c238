import { expect, test } from '@jest/globals';
import { assertNever } from './assertNever.ts';

test('names the value that no case expected', () => {
  expect(() => assertNever({ a: 1 } as never)).toThrow('unexpected value {"a":1}');
});
