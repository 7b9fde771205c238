import { type ConsumerTopology, consumers, feedingQueues } from '../../shared/broker/topology.ts';
import type { Resolution } from './resolution.ts';
import { rights } from './rights.ts';

/** A `rabbitmq` event of serverless.yml. */
export interface RabbitmqEvent {
  readonly arn: { readonly Ref: string };
  readonly basicAuthArn: { readonly Ref: string };
  readonly queue: string;
  readonly virtualHost?: string;
  readonly batchSize: number;
}

/** Streams of a batch are worked on side by side, so a large batch is no slower for each; 6 MB is the other limit. */
export const batchSize = 100;

/**
 * A consumer's event source mappings: one for each of its queues, as many as shared/broker/topology.ts says. One queue
 * is one mapping is one concurrent execution.
 *
 * @param virtualHost empty: the one that the broker's address names, as it is locally
 */
export const mappingsOf = (
  consumer: ConsumerTopology,
  virtualHost: string,
): readonly { readonly rabbitmq: RabbitmqEvent }[] =>
  feedingQueues(consumer).map((queue) => ({
    rabbitmq: {
      // An identifier, where an ARN is wanted, which the framework can't say: mappingExtensions does.
      arn: { Ref: 'Broker' },
      basicAuthArn: { Ref: 'BrokerConsumerSecret' },
      queue,
      ...(virtualHost === '' ? {} : { virtualHost }),
      batchSize,
    },
  }));

/**
 * CloudFormation can't change a mapping that names a virtual host: Lambda's UpdateEventSourceMapping refuses it. A stage that
 * is deployed without its mappings makes them anew the next time.
 */
const hasMappings = async ({ resolveVariable }: Resolution): Promise<boolean> =>
  (await resolveVariable('param:mappings')) === 'on';

/** By the consumer's name: a function's events. */
export const mappings = Object.fromEntries(
  Object.values(consumers).map((consumer) => [
    consumer.name,
    async (resolution: Resolution) =>
      (await hasMappings(resolution))
        ? mappingsOf(consumer, String((await resolution.resolveVariable('param:virtualHost')) ?? ''))
        : [],
  ]),
);

/**
 * By the consumer's name: so many of its function run at once, and no fewer, whatever a burst of requests takes of the
 * account's; one for each mapping, which is all that Lambda's pollers ask for.
 */
export const concurrency = Object.fromEntries(
  Object.values(consumers).map((consumer) => [consumer.name, feedingQueues(consumer).length]),
);

/** As the framework calls a mapping in the template. */
const toLogicalId = (name: string, queue: string): string => {
  const alphanumeric = queue.replaceAll(/[^A-Za-z0-9]/g, '');
  const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
  return `${capital(name)}EventSourceMappingRabbitMQ${capital(alphanumeric)}`;
};

/** A mapping is made when its queue is there, and gets the broker's ARN. */
const extension = {
  DependsOn: ['BrokerTopology', 'BrokerFromItself', 'BrokerToItself'],
  Properties: { EventSourceArn: { 'Fn::GetAtt': ['Broker', 'Arn'] } },
};

const extensions = Object.fromEntries(
  Object.entries(rights).flatMap(([name, { consumer }]) =>
    consumer ? feedingQueues(consumer).map((queue) => [toLogicalId(name, queue), extension]) : [],
  ),
);

export const mappingExtensions = async (resolution: Resolution) => ({
  extensions: (await hasMappings(resolution)) ? extensions : {},
});
