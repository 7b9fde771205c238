import { createAmqpPublisher } from '../../shared/broker/amqpPublisher.ts';
import { systemClock } from '../../shared/kernel/clock.ts';
import type { RelayDeps } from '../../shared/relay/relayDeps.ts';
import { configOf, loggerFor, metricsFor } from './config.ts';
import { newLease } from './lease.ts';
import { storeFor } from './store.ts';

// All of them at once, so that a missing one is told together with the others.
const { RABBITMQ_URL } = configOf('EVENTSTORE_URL', 'RABBITMQ_URL', 'TABLE_PREFIX');

export const relayDeps: RelayDeps = {
  store: storeFor('relayEvents'),
  publisher: createAmqpPublisher(RABBITMQ_URL, 'relayEvents'),
  lease: newLease(),
  clock: systemClock,
  logger: loggerFor('relayEvents'),
  metrics: metricsFor('relay'),
};
