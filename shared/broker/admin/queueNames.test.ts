import { expect, test } from '@jest/globals';
import { deadLetterQueue, lateQueue, partitionQueue, retryQueue, unroutedQueue } from '../topology.ts';
import { parseQueueName } from './queueNames.ts';

test('knows what every queue of the topology is for', () => {
  const consumer = 'order-processing';
  expect(parseQueueName(partitionQueue(consumer, 12))).toMatchObject({ kind: 'feeding', consumer });
  expect(parseQueueName(lateQueue(consumer))).toMatchObject({ kind: 'feeding', consumer });
  expect(parseQueueName(retryQueue(consumer, 1_000))).toMatchObject({ kind: 'retry', consumer });
  expect(parseQueueName(deadLetterQueue(consumer))).toMatchObject({ kind: 'dead-letter', consumer });
  expect(parseQueueName(unroutedQueue)).toEqual({ name: 'unrouted', kind: 'other' });
});
