import { type ChannelModel, type ConfirmChannel, connect } from 'amqplib';
import { Fault } from '../../kernel/fault.ts';
import { type BrokerAddress, parseBrokerAddress, toBrokerFault } from '../amqpFault.ts';
import { sayGoodbye, socketOf } from '../amqpGoodbye.ts';
import { lookAtKeys, moveUpTo, takeUpTo, toConsumer } from './amqpMoves.ts';
import type { BrokerAdmin, QueueDepth } from './brokerAdmin.ts';

const timeoutMs = 10_000;

/** There while somebody is at it, and gone with his connection. */
const lockQueue = 'topology-lock';

/** What only AMQP tells or does exactly: the management interface's numbers are seconds old. */
export interface AmqpQueues extends Pick<BrokerAdmin, 'readDepth' | 'readRoutingKeys' | 'exclusively'> {
  /**
   * Sends what is in the queue round again, through the consumer's shortest retry: as many messages as lie there at the
   * start. Nothing to do when there is no such queue: somebody was faster.
   */
  moveMessages(queue: string, consumer: string): Promise<void>;
  /** The change `publish-again`; nothing is lost, see amqpMoves.ts. */
  publishAgain(queue: string, exchange: string, count: number): Promise<void>;
  /** The change `delete-messages`. */
  deleteMessages(queue: string, count: number): Promise<void>;
}

/** A connection for each operation: they are rare, and nobody has to close anything. */
export function createAmqpQueues(url: string): AmqpQueues {
  const address = parseBrokerAddress(url);
  const asFault = (error: unknown): never => {
    throw toBrokerFault(error, address);
  };
  const open = async (): Promise<ChannelModel> => {
    const model = await connect(url, { noDelay: true, timeout: timeoutMs });
    model.on('error', () => undefined);
    // It reads nothing more from this connection for as long as that lasts: whoever waits for an answer is told instead.
    model.on('blocked', (reason) => socketOf(model).destroy(new Error(`the broker takes nothing: ${reason}`)));
    return model;
  };
  const withConnection = <Result>(use: (model: ChannelModel) => Promise<Result>): Promise<Result> =>
    open()
      .then((model) => use(model).finally(() => sayGoodbye(model)))
      .catch(asFault);
  const withChannel = <Result>(use: (channel: ConfirmChannel) => Promise<Result>): Promise<Result> =>
    withConnection(async (model) => {
      const channel = await model.createConfirmChannel();
      channel.on('error', () => undefined);
      try {
        return await use(channel);
      } finally {
        // Before the connection: what was settled last would be overtaken by that one's goodbye.
        await sayGoodbye(model, async () => channel.close());
      }
    });
  const readDepth = (queue: string): Promise<QueueDepth | undefined> =>
    withConnection(async (model) => {
      const channel = await model.createChannel();
      channel.on('error', () => undefined);
      try {
        const { messageCount: messages, consumerCount: consumers } = await channel.checkQueue(queue);
        return { messages, consumers };
      } catch (error) {
        if (codeOf(error) === 404) return undefined;
        throw error;
      }
    });

  return {
    readDepth,
    readRoutingKeys: (queue, limit) => withChannel((channel) => lookAtKeys(channel, queue, limit)),

    async moveMessages(queue, consumer) {
      const depth = await readDepth(queue);
      if (depth) await withChannel((channel) => moveUpTo(channel, queue, depth.messages, toConsumer(consumer)));
    },
    // What went through an alternate exchange still has the routing key that it was published with.
    publishAgain: (queue, exchange, count) =>
      withChannel((channel) =>
        moveUpTo(channel, queue, count, ({ fields: { routingKey } }) => ({ exchange, routingKey })),
      ),
    deleteMessages: (queue, count) => withChannel((channel) => takeUpTo(channel, queue, count, async () => undefined)),

    async exclusively(work) {
      const model = await open().catch(asFault);
      try {
        await lock(model, address).catch(asFault);
        // What it throws is not this connection's: it may be no fault at all.
        return await work();
      } finally {
        await sayGoodbye(model);
      }
    },
  };
}

async function lock(model: ChannelModel, { where }: BrokerAddress): Promise<void> {
  const channel = await model.createChannel();
  channel.on('error', () => undefined);
  const wanted = { exclusive: true, durable: false, arguments: { 'x-queue-type': 'classic' } };
  await channel.assertQueue(lockQueue, wanted).catch((error: unknown) => {
    if (codeOf(error) !== 405) throw error;
    throw new Fault('broker/unavailable', `${where}: somebody else changes the topology just now`, error);
  });
}

const codeOf = (error: unknown): unknown => (error as { readonly code?: unknown }).code;
