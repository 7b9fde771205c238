import { randomUUID } from 'node:crypto';
import { type Channel, connect } from 'amqplib';
import { eventKey, exchanges } from '../../shared/broker/topology.ts';

/** All that reaches the broker, in the order in which it arrives. */
export interface Arrivals {
  /** Messages in all, repeats included. */
  readonly count: number;
  /** By `stream@revision`: how many had arrived before its first time. */
  readonly firsts: ReadonlyMap<string, number>;
  /** Per stream, revisions in the order of their first arrivals. */
  readonly orders: ReadonlyMap<string, readonly number[]>;
  /** How many have arrived of what the broker had taken over when this was called. */
  mark(): Promise<number>;
  stop(): Promise<void>;
}

export async function watchArrivals(url: string): Promise<Arrivals> {
  const connection = await connect(url);
  const channel: Channel = await connection.createChannel();
  const marking = await connection.createConfirmChannel();
  const queue = `arrivals-${randomUUID()}`;
  await channel.assertQueue(queue, { durable: true });
  await channel.bindQueue(queue, exchanges.events, eventKey('order', '*', '*'));

  let count = 0;
  const firsts = new Map<string, number>();
  const orders = new Map<string, number[]>();
  const marks = new Map<string, (count: number) => void>();
  await channel.consume(
    queue,
    (message) => {
      if (!message) return;
      const { headers, messageId } = message.properties;
      const marked = marks.get(String(messageId));
      if (marked) return marked(count);
      const stream = String(headers?.['stream']);
      const key = `${stream}@${headers?.['revision']}`;
      if (!firsts.has(key)) {
        firsts.set(key, count);
        const order = orders.get(stream) ?? [];
        order.push(Number(headers?.['revision']));
        orders.set(stream, order);
      }
      count += 1;
    },
    { noAck: true },
  );
  return {
    get count() {
      return count;
    },
    firsts,
    orders,
    // One queue keeps its order: when the mark is here, so is all that was confirmed before it was sent.
    mark: () =>
      new Promise((resolve) => {
        const messageId = randomUUID();
        marks.set(messageId, resolve);
        marking.sendToQueue(queue, Buffer.alloc(0), { messageId });
      }),
    async stop() {
      await channel.deleteQueue(queue);
      await connection.close();
    },
  };
}
