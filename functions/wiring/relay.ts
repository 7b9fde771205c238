import { createAmqpPublisher } from '../../shared/broker/amqpPublisher.ts';
import { systemClock } from '../../shared/kernel/clock.ts';
import { newId } from '../../shared/kernel/ids.ts';
import { createDynamoLease } from '../../shared/relay/dynamoLease.ts';
import type { RelayDeps } from '../../shared/relay/relayDeps.ts';
import { configOf, loggerFor } from './config.ts';
import { storeFor } from './store.ts';
import { dynamo, tableName } from './tables.ts';

export const relayDeps: RelayDeps = {
  store: storeFor('relayEvents'),
  publisher: createAmqpPublisher(configOf('RABBITMQ_URL').RABBITMQ_URL, 'relayEvents'),
  lease: createDynamoLease(dynamo, { table: tableName('relay'), owner: newId(), clock: systemClock }),
  clock: systemClock,
  logger: loggerFor('relayEvents'),
};
