import middy from '@middy/core';
import { createAmqpPublisher } from '../../shared/broker/amqpPublisher.ts';
import { createConsumer } from '../../shared/broker/consume.ts';
import type { ConsumerOptions, Handler } from '../../shared/broker/consumer.ts';
import { createDynamoCursors } from '../../shared/broker/dynamoCursors.ts';
import type { ConsumerTopology } from '../../shared/broker/topology.ts';
import { systemClock } from '../../shared/kernel/clock.ts';
import { newId } from '../../shared/kernel/ids.ts';
import { configOf, loggerFor } from './config.ts';
import { storeFor } from './store.ts';
import { cursorTable, dynamo } from './tables.ts';

interface Wired extends ConsumerOptions {
  readonly topology: ConsumerTopology;
  /** The function's name, on its log lines. */
  readonly service: string;
}

/** A consumer of the topology as a Lambda handler. Its publisher connects only when something has to be retried. */
export const wireConsumer = <View>({ topology, service, ...options }: Wired, handler: Handler<View>) =>
  middy().handler(
    createConsumer<View>(
      {
        consumer: topology.name,
        store: storeFor(service),
        cursors: createDynamoCursors<View>(dynamo, cursorTable(topology.name)),
        publisher: createAmqpPublisher(configOf('RABBITMQ_URL').RABBITMQ_URL, service),
        clock: systemClock,
        logger: loggerFor(service),
        instance: newId(),
        random: Math.random,
      },
      handler,
      options,
    ),
  );
