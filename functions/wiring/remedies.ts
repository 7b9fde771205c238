import { createDynamoRemedies, createDynamoUnsettled } from '../../shared/broker/dynamoUnsettled.ts';
import { byConsumer, sweepDeps } from './deadLetters.ts';
import { storeFor } from './store.ts';
import { dynamo, tableName } from './tables.ts';

const remediesIn = (shortName: string) => ({
  ...createDynamoUnsettled(dynamo, tableName(shortName)),
  ...createDynamoRemedies(dynamo, tableName(shortName)),
});

/** Everything that it takes to do something about dead letters. */
export const remedyDeps = (service: string) => ({
  ...sweepDeps(service),
  tables: byConsumer(remediesIn),
  store: storeFor(service),
});
