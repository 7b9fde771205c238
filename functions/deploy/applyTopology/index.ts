import middy from '@middy/core';
import { systemClock } from '../../../shared/kernel/clock.ts';
import { connectBrokerAdmin, putStackAnswer, readWantedTopology } from '../../wiring/brokerAdmin.ts';
import { loggerFor, metricsFor } from '../../wiring/config.ts';
import { createHandler } from './handler.ts';

export const handler = middy().handler(
  createHandler({
    connect: connectBrokerAdmin,
    readWanted: readWantedTopology,
    answer: putStackAnswer,
    clock: systemClock,
    logger: loggerFor('applyTopology'),
    metrics: metricsFor('topology'),
  }),
);
