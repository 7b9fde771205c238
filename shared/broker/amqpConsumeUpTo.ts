import type { Channel, ConsumeMessage, Message } from 'amqplib';

/** How long a message that was counted may take to come: somebody else may have been faster. */
const patienceMs = 1_000;

/**
 * When a channel ends, a quorum queue takes back what each consumer has in the order in which it came, one consumer after
 * the other in the order of their tags. One message that is asked for counts as a consumer as well: its number in the channel
 * is the tag. This one is behind that, and before all that come later.
 */
const tagBehind = ({ fields }: Message): string => `${fields.deliveryTag}-`;

/**
 * The first messages of a queue, `limit` at most, none of them settled: when the channel closes they go back in their order.
 * The first is asked for by itself, and tells how many are behind it: to declare the queue passively would tell as much,
 * but on RabbitMQ 4.2.6 and 4.3.0 takes a right that operators do not have, and gives nought where its node is away. A consumer
 * is given exactly these, and is cancelled before any is settled, so that nothing comes behind them.
 *
 * @throws what amqplib throws
 */
export async function consumeUpTo(channel: Channel, queue: string, limit: number): Promise<readonly Message[]> {
  const messages: Message[] = [];
  while (messages.length < limit) {
    const first = await channel.get(queue);
    if (first === false) break;
    messages.push(first);
    const count = Math.min(first.fields.messageCount, limit - messages.length);
    if (count > 0) for (const message of await consume(channel, queue, count, tagBehind(first))) messages.push(message);
  }
  return messages;
}

/** Fewer than `count` where others take of them at the same time. */
async function consume(
  channel: Channel,
  queue: string,
  count: number,
  consumerTag: string,
): Promise<readonly ConsumeMessage[]> {
  const messages: ConsumeMessage[] = [];
  const { promise: ended, resolve: end } = Promise.withResolvers<void>();
  await channel.prefetch(count);
  const timer = setTimeout(end, patienceMs);
  try {
    await channel.consume(
      queue,
      (message) => {
        // The broker has cancelled it: the queue is gone, which whoever asks next is told.
        if (message === null) return end();
        messages.push(message);
        timer.refresh();
        if (messages.length === count) end();
      },
      { consumerTag },
    );
    timer.refresh();
    await ended;
    await channel.cancel(consumerTag);
  } finally {
    clearTimeout(timer);
  }
  return messages;
}
