import { createAmqpPublisher } from '../../shared/broker/amqpPublisher.ts';
import { systemClock } from '../../shared/kernel/clock.ts';
import { createDynamoCheckpoint } from '../../shared/relay/dynamoCheckpoint.ts';
import type { RelayDeps } from '../../shared/relay/relay.ts';
import { configOf, loggerFor } from './config.ts';
import { storeFor } from './store.ts';
import { dynamo, tableName } from './tables.ts';

export const relayDeps: RelayDeps = {
  store: storeFor('relayEvents'),
  publisher: createAmqpPublisher(configOf('RABBITMQ_URL').RABBITMQ_URL, 'relayEvents'),
  checkpoint: createDynamoCheckpoint(dynamo, tableName('relay')),
  clock: systemClock,
  logger: loggerFor('relayEvents'),
};
