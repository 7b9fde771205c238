import { randomUUID } from 'node:crypto';
import { type ChannelModel, connect } from 'amqplib';

/** A broker's exchange with one queue that keeps the newest of what arrives, so that its memory says nothing. */
export interface BenchBroker {
  /** As it is named in the ratios: `Local`, `Classic`, `Quorum`. */
  readonly name: string;
  readonly url: string;
  readonly exchange: string;
  clear(): Promise<void>;
  remove(): Promise<void>;
}

const keptMessages = 10_000;

export async function prepareBroker(name: string, url: string, type: 'classic' | 'quorum'): Promise<BenchBroker> {
  const connection = await connect(url);
  const channel = await connection.createChannel();
  const exchange = `bench-relay-${randomUUID()}`;
  await channel.assertExchange(exchange, 'topic', { durable: true });
  const args = { 'x-queue-type': type, 'x-max-length': keptMessages, 'x-overflow': 'drop-head' };
  await channel.assertQueue(exchange, { durable: true, arguments: args });
  await channel.bindQueue(exchange, exchange, '#');
  return {
    name,
    url,
    exchange,
    clear: async () => {
      await channel.purgeQueue(exchange);
    },
    async remove() {
      await channel.deleteQueue(exchange);
      await channel.deleteExchange(exchange);
      await connection.close();
    },
  };
}

/** The RabbitMQ named by the environment, or the one of this machine; undefined where there is none. */
export async function findRabbit(): Promise<string | undefined> {
  const url = process.env['RABBITMQ_TEST_URL'] ?? process.env['RABBITMQ_URL'] ?? 'amqp://guest:guest@127.0.0.1:5672';
  const connection: ChannelModel | undefined = await connect(url, { timeout: 2_000 }).catch(() => undefined);
  await connection?.close();
  return connection && url;
}
