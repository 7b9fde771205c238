import { type ChannelModel, type ConfirmChannel, connect, type GetMessage } from 'amqplib';
import { parseBrokerAddress, toBrokerFault } from '../amqpFault.ts';
import { shortestDelayMs } from '../retryDelays.ts';
import { slotOf, toSlot } from '../slots.ts';
import { exchanges, hintKey } from '../topology.ts';
import type { QueueDepth } from './brokerAdmin.ts';

const timeoutMs = 10_000;

/** Messages that are moved between two waits for confirms; no more, for the reason in amqpDeadLetterQueue.ts. */
const batchSize = 25;

/** What only AMQP tells or does exactly: the management interface's numbers are seconds old. */
export interface AmqpQueues {
  /** Undefined when there is no such queue. @throws Fault broker/unavailable, broker/refused */
  readDepth(queue: string): Promise<QueueDepth | undefined>;
  /**
   * Sends what is in the queue round again, through the consumer's shortest retry, until it is empty. A message leaves the
   * queue when the broker has confirmed it elsewhere: one that is cut off in between is there twice, none is lost.
   */
  moveMessages(queue: string, consumer: string): Promise<void>;
}

/** A connection for each operation: they are rare, and nobody has to close anything. */
export function createAmqpQueues(url: string): AmqpQueues {
  const address = parseBrokerAddress(url);
  const withConnection = async <Result>(use: (model: ChannelModel) => Promise<Result>): Promise<Result> => {
    try {
      const model = await connect(url, { noDelay: true, timeout: timeoutMs });
      model.on('error', () => undefined);
      return await use(model).finally(() => model.close().catch(() => undefined));
    } catch (error) {
      throw toBrokerFault(error, address);
    }
  };

  return {
    readDepth: (queue) =>
      withConnection(async (model) => {
        const channel = await model.createChannel();
        channel.on('error', () => undefined);
        try {
          const { messageCount: messages, consumerCount: consumers } = await channel.checkQueue(queue);
          return { messages, consumers };
        } catch (error) {
          if ((error as { readonly code?: unknown }).code === 404) return undefined;
          throw error;
        }
      }),

    moveMessages: (queue, consumer) =>
      withConnection(async (model) => {
        const channel = await model.createConfirmChannel();
        channel.on('error', () => undefined);
        let returned: string | undefined;
        channel.on('return', ({ fields }) => {
          returned = fields.routingKey;
        });
        while ((await channel.checkQueue(queue)).messageCount > 0) {
          for (const message of await takeBatch(channel, queue)) send(channel, message, consumer);
          await channel.waitForConfirms();
          if (returned !== undefined) throw new Error(`no queue takes '${returned}' from '${exchanges.retries}'`);
          channel.ackAll();
        }
        await channel.close();
      }),
  };
}

async function takeBatch(channel: ConfirmChannel, queue: string): Promise<readonly GetMessage[]> {
  const batch: GetMessage[] = [];
  while (batch.length < batchSize) {
    const message = await channel.get(queue);
    if (message === false) break;
    batch.push(message);
  }
  return batch;
}

/** By its stream's slot; one without a stream may go to any partition: it is dead-lettered from there. */
function send(channel: ConfirmChannel, { content, properties }: GetMessage, consumer: string): void {
  const stream: unknown = properties.headers?.['stream'];
  const slot = typeof stream === 'string' ? slotOf(stream) : toSlot(0);
  const key = hintKey(consumer, shortestDelayMs, slot);
  // The broker's own notes on where it has been would be taken for a redelivery's.
  const { 'x-death': _, ...headers } = properties.headers ?? {};
  const { messageId, type, timestamp, correlationId, contentType, contentEncoding } = properties;
  const kept = { messageId, type, timestamp, correlationId, contentType, contentEncoding, headers };
  channel.publish(exchanges.retries, key, content, { ...kept, persistent: true, mandatory: true });
}
