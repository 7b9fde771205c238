import { expect, test } from '@jest/globals';
import { toAmount } from './money.ts';

test.each([
  [2500, 'EUR', '25.00 EUR'],
  [5, 'EUR', '0.05 EUR'],
  [123456789, 'USD', '1,234,567.89 USD'],
  [2500, 'JPY', '2,500 JPY'],
  [2500, 'KWD', '2.500 KWD'],
  [0, 'ZZZ', '0.00 ZZZ'],
])('%d of %s is %s to a person', (minor, currency, text) => {
  expect(toAmount(minor, currency)).toBe(text);
});
