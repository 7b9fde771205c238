import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach } from '@jest/globals';
import { type Channel, type ChannelModel, type ConfirmChannel, connect, type Options } from 'amqplib';

/** The broker that a contract is checked on. */
export interface BrokerUnderTest {
  readonly url: string;
  /** RabbitMQ's major version, or the one that the local broker behaves like. */
  readonly majorVersion: number;
}

/**
 * What every test of the contract works with: a confirm channel, and exchanges and queues of its own whose names nobody
 * else has and which are gone afterwards.
 */
export interface Rig {
  readonly broker: BrokerUnderTest;
  readonly channel: ConfirmChannel;
  /** A name that only this test has. */
  name(suffix: string): string;
  /** Declares a queue, durable unless said otherwise, and returns its name. */
  queue(suffix: string, options?: Options.AssertQueue): Promise<string>;
  exchange(suffix: string, type: string, options?: Options.AssertExchange): Promise<string>;
  /** Another connection, closed after the test. */
  connect(): Promise<ChannelModel>;
  /** A channel on a connection of its own. */
  stranger(): Promise<Channel>;
  publish(exchange: string, routingKey: string, text: string, options?: Options.Publish): Promise<void>;
}

/** A rig for each test of a `describe` block. */
export function useRig(broker: BrokerUnderTest): Rig {
  let current: OwnRig | undefined;
  beforeEach(async () => {
    current = await OwnRig.open(broker);
  });
  afterEach(() => current?.close());
  const rig = (): OwnRig => {
    if (current === undefined) throw new Error('the rig stands only while a test runs');
    return current;
  };
  return {
    broker,
    get channel() {
      return rig().channel;
    },
    name: (suffix) => rig().name(suffix),
    queue: (suffix, options) => rig().queue(suffix, options),
    exchange: (suffix, type, options) => rig().exchange(suffix, type, options),
    connect: () => rig().connect(),
    stranger: async () => quietChannel(await rig().connect()),
    publish: (...args) => rig().publish(...args),
  };
}

class OwnRig {
  readonly channel: ConfirmChannel;
  readonly #url: string;
  readonly #prefix = `contract.${randomUUID().slice(0, 8)}`;
  readonly #connections: ChannelModel[];
  readonly #queues = new Set<string>();
  readonly #exchanges = new Set<string>();

  private constructor(url: string, connection: ChannelModel, channel: ConfirmChannel) {
    this.#url = url;
    this.#connections = [connection];
    this.channel = channel;
  }

  static async open({ url }: BrokerUnderTest): Promise<OwnRig> {
    const connection = await quietConnection(url);
    const channel = await connection.createConfirmChannel();
    channel.on('error', () => {});
    return new OwnRig(url, connection, channel);
  }

  name(suffix: string): string {
    return `${this.#prefix}.${suffix}`;
  }

  async queue(suffix: string, options: Options.AssertQueue = {}): Promise<string> {
    const name = this.name(suffix);
    this.#queues.add(name);
    await this.channel.assertQueue(name, { durable: true, ...options });
    return name;
  }

  async exchange(suffix: string, type: string, options: Options.AssertExchange = {}): Promise<string> {
    const name = this.name(suffix);
    this.#exchanges.add(name);
    await this.channel.assertExchange(name, type, { durable: true, ...options });
    return name;
  }

  async connect(): Promise<ChannelModel> {
    const connection = await quietConnection(this.#url);
    this.#connections.push(connection);
    return connection;
  }

  publish(exchange: string, routingKey: string, text: string, options: Options.Publish = {}): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.channel.publish(exchange, routingKey, Buffer.from(text), options, (error) =>
      error ? reject(error) : resolve(),
    );
    return promise;
  }

  async close(): Promise<void> {
    await Promise.allSettled(this.#connections.map((connection) => connection.close()));
    const cleaner = await quietConnection(this.#url);
    const channel = await cleaner.createChannel();
    for (const queue of this.#queues) await channel.deleteQueue(queue);
    for (const exchange of this.#exchanges) await channel.deleteExchange(exchange);
    await cleaner.close();
  }
}

async function quietConnection(url: string): Promise<ChannelModel> {
  const connection = await connect(url, { noDelay: true });
  connection.on('error', () => {});
  return connection;
}

async function quietChannel(connection: ChannelModel): Promise<Channel> {
  const channel = await connection.createChannel();
  channel.on('error', () => {});
  return channel;
}

/** Publishes to a queue one after another, each confirmed before the next. */
export async function publishAll(rig: Rig, queue: string, texts: readonly string[]): Promise<void> {
  for (const text of texts) await rig.publish('', queue, text);
}
