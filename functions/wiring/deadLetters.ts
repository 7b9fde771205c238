import { createAmqpDeadLetterQueue } from '../../shared/broker/amqpDeadLetterQueue.ts';
import { createAmqpPublisher } from '../../shared/broker/amqpPublisher.ts';
import { createDynamoCursors } from '../../shared/broker/dynamoCursors.ts';
import { createDynamoUnsettled } from '../../shared/broker/dynamoUnsettled.ts';
import { consumers } from '../../shared/broker/topology.ts';
import { systemClock } from '../../shared/kernel/clock.ts';
import { configOf, loggerFor } from './config.ts';
import { storeFor } from './store.ts';
import { cursorTable, dynamo } from './tables.ts';

const brokerUrl = (): string => configOf('RABBITMQ_URL').RABBITMQ_URL;

/** Every consumer's rows, by its name, and the queues of dead letters. */
export const deadLetterSources = (service: string) => ({
  tables: Object.fromEntries(
    Object.values(consumers).map(({ name }) => {
      const table = cursorTable(name);
      return [name, { ...createDynamoCursors<unknown>(dynamo, table), ...createDynamoUnsettled(dynamo, table) }];
    }),
  ),
  queue: createAmqpDeadLetterQueue(brokerUrl(), service),
});

/** Everything that it takes to do something about dead letters. */
export const remedyDeps = (service: string) => ({
  ...deadLetterSources(service),
  store: storeFor(service),
  publisher: createAmqpPublisher(brokerUrl(), service),
  clock: systemClock,
  logger: loggerFor(service),
});
