import { createAmqpPublisher } from '../../shared/broker/amqpPublisher.ts';
import { systemClock } from '../../shared/kernel/clock.ts';
import { newId } from '../../shared/kernel/ids.ts';
import { createMetrics } from '../../shared/observe/metrics.ts';
import { createDynamoLease } from '../../shared/relay/dynamoLease.ts';
import { leaseTimingFor } from '../../shared/relay/lease.ts';
import type { RelayDeps } from '../../shared/relay/relayDeps.ts';
import { configOf, leaseTakeOverMs, loggerFor } from './config.ts';
import { storeFor } from './store.ts';
import { dynamo, tableName } from './tables.ts';

// All of them at once, so that a missing one is told together with the others.
const { RABBITMQ_URL } = configOf('EVENTSTORE_URL', 'RABBITMQ_URL', 'TABLE_PREFIX');

export const relayDeps: RelayDeps = {
  store: storeFor('relayEvents'),
  publisher: createAmqpPublisher(RABBITMQ_URL, 'relayEvents'),
  lease: createDynamoLease(dynamo, {
    table: tableName('relay'),
    owner: newId(),
    clock: systemClock,
    timing: leaseTimingFor(leaseTakeOverMs()),
  }),
  clock: systemClock,
  logger: loggerFor('relayEvents'),
  metrics: createMetrics('relay'),
};
