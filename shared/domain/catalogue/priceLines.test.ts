import { expect, test } from '@jest/globals';
import { priceLines } from './priceLines.ts';
import type { Product } from './product.ts';

const products = new Map<string, Product>([
  ['mug', { sku: 'mug', name: 'Mug', priceMinor: 1250, currency: 'EUR' }],
  ['pen', { sku: 'pen', name: 'Pen', priceMinor: 99, currency: 'EUR' }],
  ['tee', { sku: 'tee', name: 'Tee', priceMinor: 2000, currency: 'USD' }],
  ['yacht', { sku: 'yacht', name: 'Yacht', priceMinor: Number.MAX_SAFE_INTEGER, currency: 'EUR' }],
]);

test('adds up what the catalogue says', () => {
  const priced = priceLines(
    [
      { sku: 'mug', quantity: 2 },
      { sku: 'pen', quantity: 1 },
    ],
    products,
  );
  expect(priced).toEqual({
    outcome: 'priced',
    order: {
      lines: [
        { sku: 'mug', quantity: 2, name: 'Mug', unitPriceMinor: 1250 },
        { sku: 'pen', quantity: 1, name: 'Pen', unitPriceMinor: 99 },
      ],
      totalMinor: 2599,
      currency: 'EUR',
    },
  });
});

test.each([
  ['names every unknown SKU', ['cup', 'mug', 'can'], { code: 'catalogue/unknown-sku', skus: ['cup', 'can'] }],
  ['refuses two currencies', ['mug', 'tee'], { code: 'catalogue/mixed-currencies', currencies: ['EUR', 'USD'] }],
  ['refuses a total that is not exact', ['yacht', 'mug'], { code: 'catalogue/total-too-large' }],
])('%s', (_, skus, rejection) => {
  const requested = skus.map((sku) => ({ sku, quantity: 1 }));
  expect(priceLines(requested, products)).toEqual({ outcome: 'rejected', rejection });
});
