import { createAmqpPublisher } from '../../shared/broker/amqpPublisher.ts';
import { systemClock } from '../../shared/kernel/clock.ts';
import type { RelayDeps } from '../../shared/relay/relayDeps.ts';
import { brokerUrl, requireAddresses } from './addresses.ts';
import { loggerFor, metricsFor } from './config.ts';
import { freezes } from './freezes.ts';
import { newLease } from './lease.ts';
import { storeFor } from './store.ts';

// All of them at once, so that a missing one is told together with the others.
requireAddresses('EVENTSTORE_URL', 'RABBITMQ_URL');

export const relayDeps: RelayDeps = {
  store: storeFor('relayEvents'),
  publisher: createAmqpPublisher(brokerUrl, 'relayEvents', freezes),
  lease: newLease(),
  clock: systemClock,
  logger: loggerFor('relayEvents'),
  metrics: metricsFor('relay'),
};
