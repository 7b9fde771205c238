import { expect, test } from '@jest/globals';
import { Fault } from '../kernel/fault.ts';
import type { Metrics } from '../observe/metrics.ts';
import { makeOperations } from '../testing/deadLetterRig.ts';
import { gaugeBlocked } from './gaugeBlocked.ts';
import { createInMemoryCursors } from './inMemoryCursors.ts';
import { remedyDeadLetters } from './remedyDeadLetters.ts';

const refused = () => new Fault('payments/refused', 'bad request');

/** What reaches CloudWatch, in order: figures that are not flushed don't. */
function makeGauges() {
  const told: (readonly [consumer: string, name: string, unit: string, value: number])[] = [];
  const metricsOf = (consumer: string): Metrics => {
    const kept: (typeof told)[number][] = [];
    return {
      add: (name, unit, value) => void kept.push([consumer, name, unit, value]),
      flush: () => void told.push(...kept.splice(0)),
    };
  };
  return { metricsOf, told };
}

test('every consumer is told of, those without a blocked stream with a nought, as long as it lasts', async () => {
  const operations = makeOperations();
  const { metricsOf, told } = makeGauges();
  const tables = { test: operations.cursors, idle: createInMemoryCursors() };
  const deps = { tables, metricsOf, logger: operations.logger };
  await operations.block('order-1', refused);
  await operations.block('order-2', refused);
  await gaugeBlocked(deps);
  await gaugeBlocked(deps);
  const before = [
    ['test', 'BlockedStreams', 'Count', 2],
    ['idle', 'BlockedStreams', 'Count', 0],
  ];
  expect(told).toEqual([...before, ...before]);

  operations.failures.clear();
  const options = { isDryRun: false, ratePerSecond: 1_000, correlationId: 'c', budgetMs: 20_000 };
  await remedyDeadLetters(operations.deps, {}, { kind: 'redrive', by: 'ada' }, options);
  await gaugeBlocked(deps);
  expect(told.slice(4)).toEqual([
    ['test', 'BlockedStreams', 'Count', 0],
    ['idle', 'BlockedStreams', 'Count', 0],
  ]);
});

test('what waits for a retry is not blocked', async () => {
  const operations = makeOperations();
  const { metricsOf, told } = makeGauges();
  await operations.block('order-1', () => new Fault('payments/unavailable', 'no answer'));
  await gaugeBlocked({ ...operations.deps, metricsOf });
  expect(told).toEqual([['test', 'BlockedStreams', 'Count', 0]]);
});

test('a consumer that can not be counted keeps nobody else from it, and says so', async () => {
  const { deps, logger, cursors } = makeOperations();
  const { metricsOf, told } = makeGauges();
  const broken = {
    readBlocked: async () => {
      throw new Fault('table/unavailable', 'no table');
    },
  };
  await gaugeBlocked({ ...deps, tables: { broken, test: cursors }, metricsOf });
  expect(told).toEqual([['test', 'BlockedStreams', 'Count', 0]]);
  expect(logger.lines).toMatchObject([
    { level: 'error', message: 'blocked streams were not counted', consumer: 'broken' },
  ]);
});
