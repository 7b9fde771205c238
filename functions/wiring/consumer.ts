import middy from '@middy/core';
import { createAmqpPublisher } from '../../shared/broker/amqpPublisher.ts';
import { createConsumer } from '../../shared/broker/consume.ts';
import type { ConsumerOptions, Handler } from '../../shared/broker/consumer.ts';
import { cursorTableOf } from '../../shared/broker/cursorTable.ts';
import { createDynamoCursors } from '../../shared/broker/dynamoCursors.ts';
import type { ConsumerTopology } from '../../shared/broker/topology.ts';
import { systemClock } from '../../shared/kernel/clock.ts';
import { newId } from '../../shared/kernel/ids.ts';
import { brokerUrl, requireAddresses } from './addresses.ts';
import { consumerMetrics, loggerFor } from './config.ts';
import { freezes } from './freezes.ts';
import { storeFor } from './store.ts';
import { dynamo, tableName } from './tables.ts';

interface Wired extends ConsumerOptions {
  readonly topology: ConsumerTopology;
  /** The function's name, on its log lines. */
  readonly service: string;
}

/** For a view's table that has indexes. */
interface WiredView<View> extends Wired {
  readonly toKeys?: (view: View) => Readonly<Record<string, string>>;
}

requireAddresses('EVENTSTORE_URL', 'RABBITMQ_URL');

/** A consumer of the topology as a Lambda handler. Its publisher connects only when something has to be retried. */
export const wireConsumer = <View>(
  { topology, service, toKeys, ...options }: WiredView<View>,
  handler: Handler<View>,
) =>
  middy().handler(
    createConsumer<View>(
      {
        consumer: topology.name,
        store: storeFor(service),
        cursors: createDynamoCursors<View>(dynamo, tableName(cursorTableOf(topology.name)), toKeys),
        publisher: createAmqpPublisher(brokerUrl, service, freezes),
        clock: systemClock,
        logger: loggerFor(service),
        metrics: consumerMetrics(topology.name),
        instance: newId(),
        random: Math.random,
      },
      handler,
      options,
    ),
  );
