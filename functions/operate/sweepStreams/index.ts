import middy from '@middy/core';
import { consumerMetrics } from '../../wiring/config.ts';
import { sweepDeps } from '../../wiring/deadLetters.ts';
import { createHandler } from './handler.ts';

export const handler = middy().handler(createHandler({ ...sweepDeps('sweepStreams'), metricsOf: consumerMetrics }));
