import { expect, test } from '@jest/globals';
import { requireCategories } from './requireCategories.ts';

const published = ['order', 'stock'];

test.each([undefined, 'order', 'stock,order'])('a deployment that counts on %p has what it wants', (wanted) => {
  expect(() => requireCategories(published, wanted)).not.toThrow();
});

test('one that counts on more is told of what', () => {
  expect(() => requireCategories(published, 'order,loyalty,stock,refund')).toThrow(
    'names loyalty, refund, which this image does not publish',
  );
});
