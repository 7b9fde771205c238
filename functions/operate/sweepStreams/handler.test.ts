import { expect, test } from '@jest/globals';
import { Fault } from '../../../shared/kernel/fault.ts';
import type { Metrics } from '../../../shared/observe/metrics.ts';
import { silence } from '../../../shared/testing/consumerRig.ts';
import { makeOperations } from '../../../shared/testing/deadLetterRig.ts';
import { createHandler } from './handler.ts';

const refused = () => new Fault('payments/refused', 'bad request');

function makeMetrics() {
  const told: (readonly [consumer: string, name: string, value: number])[] = [];
  const metricsOf = (consumer: string): Metrics => ({
    add: (name, _, value) => void told.push([consumer, name, value]),
    flush: () => undefined,
  });
  return { metricsOf, told };
}

test('tells how many streams are blocked, also while the broker is away', async () => {
  const operations = makeOperations();
  const { metricsOf, told } = makeMetrics();
  await operations.block('order-1', refused);
  const look = async () => {
    throw new Fault('broker/unavailable', 'no broker');
  };
  const sweep = createHandler({ ...operations.deps, queue: { look }, metricsOf });
  await expect(sweep()).rejects.toMatchObject({ code: 'broker/unavailable' });
  expect(told).toEqual([['test', 'BlockedStreams', 1]]);
});

test('wakes what was lost, also when nothing can be told', async () => {
  const operations = makeOperations();
  await operations.block('order-1', silence);
  operations.failures.clear();
  await operations.clock.pass(121_000);
  const metricsOf = () => {
    throw new Error('no metrics');
  };
  await createHandler({ ...operations.deps, metricsOf })();
  await operations.deliver();
  expect(await operations.row('order-1')).toMatchObject({ revision: 2n, status: 'ready' });
});
