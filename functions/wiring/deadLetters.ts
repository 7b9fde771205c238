import { createAmqpDeadLetterQueue } from '../../shared/broker/amqpDeadLetterQueue.ts';
import { createAmqpPublisher } from '../../shared/broker/amqpPublisher.ts';
import { cursorTableOf } from '../../shared/broker/cursorTable.ts';
import { createDynamoUnsettled } from '../../shared/broker/dynamoUnsettled.ts';
import { consumers } from '../../shared/broker/topology.ts';
import { systemClock } from '../../shared/kernel/clock.ts';
import { brokerUrl, requireAddresses } from './addresses.ts';
import { loggerFor } from './config.ts';
import { freezes } from './freezes.ts';
import { dynamo, tableName } from './tables.ts';

requireAddresses('RABBITMQ_URL');

/** A table of each consumer, by its name. */
export const byConsumer = <Table>(make: (shortName: string) => Table): Readonly<Record<string, Table>> =>
  Object.fromEntries(Object.values(consumers).map(({ name }) => [name, make(cursorTableOf(name))]));

const unsettledIn = (shortName: string) => createDynamoUnsettled(dynamo, tableName(shortName));

/** Every consumer's rows, by its name, and the queues of dead letters. */
export const deadLetterSources = (service: string) => ({
  tables: byConsumer(unsettledIn),
  queue: createAmqpDeadLetterQueue(brokerUrl, service),
});

/** Those, and who wakes a stream that waits. */
export const sweepDeps = (service: string) => ({
  ...deadLetterSources(service),
  publisher: createAmqpPublisher(brokerUrl, service, freezes),
  clock: systemClock,
  logger: loggerFor(service),
});
