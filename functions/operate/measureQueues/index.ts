import middy from '@middy/core';
import { consumers } from '../../../shared/broker/topology.ts';
import { consumerMetrics, metricsFor } from '../../wiring/config.ts';
import { readQueueDepths } from '../../wiring/queueDepths.ts';
import { createHandler } from './handler.ts';

export const handler = middy().handler(
  createHandler({
    consumers: Object.values(consumers),
    readDepths: readQueueDepths,
    metricsOf: consumerMetrics,
    metrics: metricsFor('broker'),
  }),
);
