import { expect, test } from '@jest/globals';
import { InvalidRequest } from '../wire/shared.ts';
import { toPattern } from './pattern.ts';

test.each([
  ['^[^$].*', 'order', true],
  ['^[^$].*', '$order', false],
  ['(?i)ORDER', 'an order', true],
  ['\\Aorder\\z', 'order', true],
  ['\\Aorder\\z', 'orders', false],
  ['\\\\z', '\\z', true],
])('%s on %s is %s', (expression, name, wanted) => {
  expect(toPattern(expression).test(name)).toBe(wanted);
});

test.each(['(', '(?>a)', 'a**'])('%s is refused', (expression) => {
  expect(() => toPattern(expression)).toThrow(InvalidRequest);
});
