import { type Channel, type ChannelModel, connect, type Message } from 'amqplib';
import { consumeUpTo } from './amqpConsumeUpTo.ts';
import { parseBrokerAddress, toBrokerFault } from './amqpFault.ts';
import type { DeadLetterQueue, QueuedMessage } from './deadLetterQueue.ts';

const timeoutMs = 10_000;

const toQueued = ({ content, properties }: Message): QueuedMessage => ({
  messageId: properties.messageId,
  type: properties.type,
  correlationId: properties.correlationId,
  headers: properties.headers ?? {},
  body: content,
});

/**
 * Of what a channel is told about a quorum queue it has 32 things under way at most; the others it keeps, and drops when it
 * closes. So more messages are asked for, which goes through the queue as well: when the last is answered, the channel has been
 * told of everything before the first, and has passed on what it kept.
 */
async function remove(channel: Channel, queue: string, messages: readonly Message[]): Promise<void> {
  for (const message of messages) channel.ack(message);
  for (let asked = 0; asked < 3 && messages.length > 0; asked += 1) await channel.get(queue);
}

/**
 * RabbitMQ through amqplib. Each look has a connection of its own: looks are rare, and what one has not settled goes back.
 *
 * @param url amqp:// or amqps:// with credentials, or who asks for it each time a connection is made
 */
export function createAmqpDeadLetterQueue(
  url: string | (() => Promise<string>),
  connectionName: string,
): DeadLetterQueue {
  const open = async (given: string): Promise<{ readonly model: ChannelModel; readonly channel: Channel }> => {
    const options = { noDelay: true, timeout: timeoutMs, clientProperties: { connection_name: connectionName } };
    const model = await connect(given, options);
    // Without a listener a lost connection would end the process; whoever waits for an answer is told.
    model.on('error', () => undefined);
    const channel = await model.createChannel();
    channel.on('error', () => undefined);
    return { model, channel };
  };

  return {
    async look(queue, limit, judge) {
      const given = typeof url === 'string' ? url : await url();
      const address = parseBrokerAddress(given);
      const fail = (error: unknown): never => {
        throw toBrokerFault(error, address);
      };
      const { model, channel } = await open(given).catch(fail);
      try {
        const messages = await consumeUpTo(channel, queue, limit).catch(fail);
        const verdicts = messages.length > 0 ? await judge(messages.map(toQueued)) : [];
        const removed = messages.filter((_, n) => verdicts[n] === 'remove');
        // What is not acknowledged goes back with the channel's end, in the order in which it came.
        await remove(channel, queue, removed)
          .then(() => channel.close())
          .catch(fail);
      } finally {
        await model.close().catch(() => undefined);
      }
    },
  };
}
