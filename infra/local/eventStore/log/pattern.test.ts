import { describe, expect, test } from '@jest/globals';
import { InvalidRequest } from '../wire/shared.ts';
import { toPattern } from './pattern.ts';

describe('the pattern of a filter', () => {
  test.each([
    ['^[^$].*', 'order', true],
    ['^[^$].*', '$order', false],
    ['(?i)ORDER', 'an order', true],
    ['\\Aorder\\z', 'order', true],
    ['\\Aorder\\z', 'orders', false],
    ['order\\Z', 'order\n', true],
    ['\\\\z', '\\z', true],
    ['\\u017Elu\\u0165', 'žluť-1', true],
    ['^(?<kind>order|stock)-\\d{2,3}$', 'stock-12', true],
  ])('%s on %s is %s', (expression, name, wanted) => {
    expect(toPattern(expression).test(name)).toBe(wanted);
  });

  test.each([
    ['no expression', '(', /missing closing/],
    ['nested repetition', 'a**', /nested repetition/],
    ['an atomic group', '(?>a)', /\(\?>/],
    ['a lookahead', '^(?!order-).*', /Lookaround/],
    ['a lookbehind', '(?<=order-)1', /Lookaround/],
    ['a reference', '(a)\\1', /references/],
    ['too long an expression', 'a'.repeat(5000), /4096 characters/],
    ['too large an expression', '(?:[ab]{0,60}a){16}(?:[cd]{0,60}c){16}', /too large/],
  ])('%s is refused with the reason', (_, expression, reason) => {
    expect(() => toPattern(expression)).toThrow(InvalidRequest);
    expect(() => toPattern(expression)).toThrow(reason);
  });

  test.each(['^(a+)+$', '(a|aa)*b$', '(?:a?){30}a{30}c'])(
    '%s takes no longer for what does not match',
    (expression) => {
      const pattern = toPattern(expression);
      const startedMs = performance.now();
      expect(pattern.test(`${'a'.repeat(4000)}!`)).toBe(false);
      expect(performance.now() - startedMs).toBeLessThan(2000);
    },
  );
});
