import { type ConsumerTopology, consumers, partitionQueue } from '../../shared/broker/topology.ts';

/** A `rabbitmq` event of serverless.yml. */
export interface RabbitmqEvent {
  readonly arn: { readonly Ref: string };
  readonly basicAuthArn: { readonly Ref: string };
  readonly queue: string;
  readonly virtualHost?: string;
  readonly batchSize: number;
}

/** Streams of a batch are worked on side by side, so a large batch is no slower for each; 6 MB is the other limit. */
const batchSize = 100;

const toEvents = ({ name, partitions }: ConsumerTopology): readonly { readonly rabbitmq: RabbitmqEvent }[] =>
  Array.from({ length: partitions }, (_, n) => ({
    rabbitmq: {
      arn: { Ref: 'BrokerArn' },
      basicAuthArn: { Ref: 'BrokerCredentialsArn' },
      queue: partitionQueue(name, n),
      batchSize,
    },
  }));

/**
 * A function's events, by the consumer that it is: one event source mapping for each of the consumer's partitions, as
 * many as shared/broker/topology.ts says. One queue is one mapping is one concurrent execution.
 */
export const mappings: Readonly<Record<string, readonly { readonly rabbitmq: RabbitmqEvent }[]>> = Object.fromEntries(
  Object.values(consumers).map((consumer) => [consumer.name, toEvents(consumer)]),
);
