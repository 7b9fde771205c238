import { expect, test } from '@jest/globals';
import { slotOf, slotsOf } from './slots.ts';
import { consumers, declareTopology, publishedCategories } from './topology.ts';

test('a stream keeps its slot for ever', () => {
  expect(slotOf('order-0b6f0a44-0f2c-5d7e-9f55-6b4f3f0a1c11')).toBe('09');
});

test.each([1, 2, 3, 5, 16])('%d partitions share the 16 slots: each served once', (partitions) => {
  const served = Array.from({ length: partitions }, (_, n) => slotsOf(n, partitions)).flat();
  expect(served.toSorted()).toEqual(slotsOf(0, 1));
});

test('every event of a followed category reaches exactly one partition queue of each follower', () => {
  const follower = { name: 'mail', categories: ['order', 'payment'], partitions: 3 };
  const { bindings } = declareTopology([follower]);
  const keys = bindings.filter((binding) => binding.exchange === 'order-events').map((binding) => binding.key);
  expect(keys).toHaveLength(32);
  expect(new Set(keys).size).toBe(32);
});

test('nothing is bound to a queue or exchange that is not declared', () => {
  const { exchanges, queues, bindings } = declareTopology();
  for (const { exchange, queue } of bindings) {
    expect(exchanges.map(({ name }) => name)).toContain(exchange);
    expect(queues.map(({ name }) => name)).toContain(queue);
  }
});

test('the relay publishes what anybody follows', () => {
  expect(publishedCategories.toSorted()).toEqual(['fulfilment', 'order', 'payment', 'shipment', 'stock']);
  expect(Object.keys(consumers)).toHaveLength(9);
});
