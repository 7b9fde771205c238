import { expect, test } from '@jest/globals';
import type { QueueTotals, ReadQueueDepths } from '../../../shared/broker/queueDepths.ts';
import { type ConsumerTopology, consumers } from '../../../shared/broker/topology.ts';
import { Fault } from '../../../shared/kernel/fault.ts';
import type { Metrics } from '../../../shared/observe/metrics.ts';
import { createHandler } from './handler.ts';

const payments: ConsumerTopology = { ...consumers.payments, partitions: 2, hasLateQueue: true };
const orders: ConsumerTopology = { ...consumers.orders, partitions: 1, hasLateQueue: false };

/** All of the two consumers' queues, empty but for these. */
const depthsWith = (changes: Readonly<Record<string, QueueTotals>>): Map<string, QueueTotals> => {
  const names = ['payments.0', 'payments.1', 'payments.late', 'payments-dlq', 'orders.0', 'orders-dlq', 'unrouted'];
  const others = ['payments.retry.1000', 'orders.1', 'somebody.0'];
  return new Map([
    ...names.map((name) => [name, { ready: 0, all: 0 }] as const),
    ...others.map((name) => [name, { ready: 1_000, all: 1_000 }] as const),
    ...Object.entries(changes),
  ]);
};

/** What reaches CloudWatch: figures that are not flushed don't. */
function makeMeasuring(readDepths: ReadQueueDepths) {
  const told: Record<string, number> = {};
  const metricsOf = (of: string): Metrics => {
    const kept: (readonly [string, number])[] = [];
    return {
      add: (name, unit, value) => void kept.push([`${of} ${name} ${unit}`, value]),
      flush: () => void Object.assign(told, Object.fromEntries(kept.splice(0))),
    };
  };
  const deps = { consumers: [payments, orders], readDepths, metricsOf, metrics: metricsOf('broker') };
  return { measure: createHandler(deps), told };
}

test('tells noughts where nothing waits, and nothing of queues that are not for reading', async () => {
  const { measure, told } = makeMeasuring(async () => depthsWith({}));
  await measure();
  expect(told).toEqual({
    'payments QueueDepth Count': 0,
    'payments DeadLettersWaiting Count': 0,
    'orders QueueDepth Count': 0,
    'orders DeadLettersWaiting Count': 0,
    'broker Unrouted Count': 0,
  });
});

test('adds up what is ready in all queues of a consumer, the late one included', async () => {
  const { measure, told } = makeMeasuring(async () =>
    depthsWith({
      'payments.0': { ready: 3, all: 103 },
      'payments.1': { ready: 40, all: 40 },
      'payments.late': { ready: 500, all: 501 },
    }),
  );
  await measure();
  expect(told).toMatchObject({ 'payments QueueDepth Count': 543, 'orders QueueDepth Count': 0 });
});

test('a dead letter that somebody looks at has not gone, nor has what nobody is bound for', async () => {
  const { measure, told } = makeMeasuring(async () =>
    depthsWith({ 'orders-dlq': { ready: 1, all: 7 }, unrouted: { ready: 0, all: 2 } }),
  );
  await measure();
  expect(told).toMatchObject({
    'orders DeadLettersWaiting Count': 7,
    'payments DeadLettersWaiting Count': 0,
    'broker Unrouted Count': 2,
  });
});

test('of a consumer one of whose queues is missing no smaller figure is told, all others are; then it fails', async () => {
  const { measure, told } = makeMeasuring(async () => {
    const depths = depthsWith({ 'payments.0': { ready: 9, all: 9 } });
    depths.delete('payments.1');
    depths.delete('orders-dlq');
    return depths;
  });
  await expect(measure()).rejects.toMatchObject({
    code: 'broker/unroutable',
    message: expect.stringContaining('nothing is told of payments.1, orders-dlq:'),
  });
  expect(told).toEqual({
    'payments DeadLettersWaiting Count': 0,
    'orders QueueDepth Count': 0,
    'broker Unrouted Count': 0,
  });
});

test('a broker that does not answer is a failure, and nothing is told', async () => {
  const { measure, told } = makeMeasuring(async () => {
    throw new Fault('broker/unavailable', 'no answer');
  });
  await expect(measure()).rejects.toMatchObject({ code: 'broker/unavailable' });
  expect(told).toEqual({});
});
