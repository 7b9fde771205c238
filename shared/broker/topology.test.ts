import { describe, expect, test } from '@jest/globals';
import { planPartitions } from '../testing/planPartitions.ts';
import { delayOfAtLeast, retryDelayMs, retryQueueDelaysMs } from './retryDelays.ts';
import { slotOf, slotsOf } from './slots.ts';
import {
  type BindingDeclaration,
  bindConsumer,
  consumers,
  declareTopology,
  feedingQueues,
  type PartitionCount,
  publishedCategories,
} from './topology.ts';

test('a stream keeps its slot for ever', () => {
  expect(slotOf('order-0b6f0a44-0f2c-5d7e-9f55-6b4f3f0a1c11')).toBe('09');
});

test.each([1, 2, 3, 5, 16])('%d partitions share the 16 slots: each served once', (partitions) => {
  const served = Array.from({ length: partitions }, (_, n) => slotsOf(n, partitions)).flat();
  expect(served.toSorted()).toEqual(slotsOf(0, 1));
});

test('every event of a followed category reaches exactly one partition queue of each follower', () => {
  const follower = { name: 'mail', categories: ['order', 'payment'], partitions: 3, hasLateQueue: false } as const;
  const { bindings } = declareTopology([follower]);
  const keys = bindings.filter((binding) => binding.exchange === 'order-events').map((binding) => binding.key);
  expect(keys).toHaveLength(32);
  expect(new Set(keys).size).toBe(32);
});

describe('a consumer whose retries must not hold up first deliveries', () => {
  const mail = { name: 'mail', categories: ['order'], partitions: 2, hasLateQueue: true } as const;

  test('has a queue of its own for them, which its function is fed from as well', () => {
    const { bindings } = declareTopology([mail]);
    const late = bindings.filter(({ exchange }) => exchange === 'redeliveries');
    expect(new Set(late.map(({ queue }) => queue))).toEqual(new Set(['mail.late']));
    expect(late).toHaveLength(16);
    expect(feedingQueues(mail)).toEqual(['mail.0', 'mail.1', 'mail.late']);
  });
});

test('a retry waits longer each time, in one of three lengths, and there is a queue for each', () => {
  const { queues } = declareTopology([consumers.orders]);
  const lengths = [0, 0.4, 0.99].map((chance) => [1, 2, 3, 4, 5].map((n) => retryDelayMs(n, () => chance) ?? 0));
  expect(lengths.flat().toSorted((a, b) => a - b)).toEqual(retryQueueDelaysMs);
  for (const delays of lengths) expect(delays).toEqual(delays.toSorted((a, b) => a - b));
  for (const ms of retryQueueDelaysMs) expect(queues.map(({ name }) => name)).toContain(`orders.retry.${ms}`);
  expect(retryDelayMs(6, () => 0)).toBeUndefined();
  expect([delayOfAtLeast(1), delayOfAtLeast(4_001), delayOfAtLeast(1e9)]).toEqual([800, 5_000, 2_250_000]);
});

describe('a change of partitions', () => {
  const at = (partitions: PartitionCount) => ({ ...consumers.orders, partitions });
  const served = (bindings: readonly BindingDeclaration[]) =>
    bindings.filter(({ exchange }) => exchange === 'order-events').map(({ key }) => key);

  test.each([
    [1, 4],
    [4, 1],
    [2, 3],
    [16, 5],
  ] as const)('from %d to %d leaves every slot with exactly one queue, and no message without one', (from, to) => {
    const { changes } = planPartitions(consumers.orders, from, to);
    const bindings = (kind: 'bind' | 'unbind') =>
      changes.flatMap((change) => (change.kind === kind ? [change.binding] : []));
    const gone = new Set(bindings('unbind').map((binding) => JSON.stringify(binding)));
    const both = [...bindConsumer(at(from)), ...bindings('bind')];
    // Nothing is unbound before all that is new is bound.
    expect(changes.map(({ kind }) => kind).lastIndexOf('bind')).toBeLessThan(
      changes.findIndex(({ kind }) => kind === 'unbind'),
    );
    const after = both.filter((binding) => !gone.has(JSON.stringify(binding)));
    expect(new Set(served(both)).size).toBe(16);
    expect(served(after).toSorted()).toEqual(served(bindConsumer(at(to))).toSorted());
  });

  test('declares what is new, drains what lost slots, and retires what is no more', () => {
    const more = planPartitions(consumers.orders, 1, 3);
    expect(more).toMatchObject({ declared: ['orders.1', 'orders.2'], drained: ['orders.0'], retired: [] });
    const fewer = planPartitions(consumers.orders, 3, 1);
    expect([fewer.declared, fewer.drained.toSorted(), fewer.retired.toSorted()]).toEqual([
      [],
      ['orders.1', 'orders.2'],
      ['orders.1', 'orders.2'],
    ]);
  });

  test('to as many as before is none', () => {
    expect(planPartitions(consumers.orders, 4, 4).changes).toEqual([]);
  });
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
