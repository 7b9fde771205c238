import middy from '@middy/core';
import { createAmqpPublisher } from '../../shared/broker/amqpPublisher.ts';
import { createConsumer } from '../../shared/broker/consume.ts';
import type { Handler } from '../../shared/broker/consumer.ts';
import { createDynamoCursors } from '../../shared/broker/dynamoCursors.ts';
import type { ConsumerTopology } from '../../shared/broker/topology.ts';
import { systemClock } from '../../shared/kernel/clock.ts';
import { brokerUrl, requireAddresses } from './addresses.ts';
import { loggerFor } from './config.ts';
import { freezes } from './freezes.ts';
import { storeFor } from './store.ts';
import { dynamo, tableName } from './tables.ts';

interface Wired {
  readonly topology: ConsumerTopology;
  /** The function's name, on its log lines. */
  readonly service: string;
  /** Short name of the table with its cursors, where it is not the consumer's own. */
  readonly table?: string;
}

/** For a view's table that has indexes. */
interface WiredView<View> extends Wired {
  readonly toKeys?: (view: View) => Readonly<Record<string, string>>;
}

requireAddresses('EVENTSTORE_URL', 'RABBITMQ_URL');

/** A consumer of the topology as a Lambda handler. Its publisher connects only when something has to be retried. */
export const wireConsumer = <View>(
  { topology, service, table = `cursors-${topology.name}`, toKeys }: WiredView<View>,
  handler: Handler<View>,
) =>
  middy().handler(
    createConsumer<View>(
      {
        consumer: topology.name,
        store: storeFor(service),
        cursors: createDynamoCursors<View>(dynamo, tableName(table), toKeys),
        publisher: createAmqpPublisher(brokerUrl, service, freezes),
        clock: systemClock,
        logger: loggerFor(service),
      },
      handler,
    ),
  );
