import { type ChannelModel, type ConfirmChannel, connect, type GetMessage } from 'amqplib';
import { Fault } from '../../kernel/fault.ts';
import { type BrokerAddress, parseBrokerAddress, toBrokerFault } from '../amqpFault.ts';
import { sayGoodbye, socketOf } from '../amqpGoodbye.ts';
import { isOfRound, lookAtKeys, moveUpTo, type Target, toConsumer, toRound } from './amqpMoves.ts';
import type { BrokerAdmin, QueueDepth } from './brokerAdmin.ts';

const timeoutMs = 10_000;

/**
 * Of these connections alone: nobody may wait for an answer for as long as RabbitMQ's own 60 s would have it, after two of which
 * without a word a broker counts as gone.
 */
const heartbeatS = 10;

/** There while somebody is at it, and gone with his connection. */
const lockQueue = 'topology-lock';

/** What only AMQP tells or does exactly: the management interface's numbers are seconds old. */
export type AmqpQueues = Pick<BrokerAdmin, 'readDepth' | 'readRoutingKeys' | 'move' | 'exclusively'>;

/** A connection for each operation: they are rare, and nobody has to close anything. */
export function createAmqpQueues(url: string): AmqpQueues {
  const address = parseBrokerAddress(url);
  const asFault = (error: unknown): never => {
    throw toBrokerFault(error, address);
  };
  const watched = new URL(url);
  watched.searchParams.set('heartbeat', String(heartbeatS));
  const open = async (): Promise<ChannelModel> => {
    const model = await connect(watched.href, { noDelay: true, timeout: timeoutMs });
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

    async move(move, hasTime = () => true) {
      switch (move.kind) {
        case 'move-messages': {
          // Nothing to do when there is no such queue: somebody was faster.
          const depth = await readDepth(move.queue);
          if (!depth) return 0;
          const toTarget = toConsumer(move.consumer);
          return withChannel((channel) => moveUpTo(channel, move.queue, depth.messages, toTarget, hasTime));
        }
        case 'publish-again': {
          const toTarget = toRound(move.exchange, move.round);
          return withChannel((channel) => moveUpTo(channel, move.queue, move.count, toTarget, hasTime));
        }
        case 'delete-returned': {
          let others = 0;
          const again = toRound(move.exchange, move.round);
          const toTarget = (message: GetMessage): Target | undefined => {
            if (isOfRound(message, move.round)) return undefined;
            others += 1;
            return again(message);
          };
          const taken = await withChannel((channel) => moveUpTo(channel, move.queue, move.count, toTarget, hasTime));
          return taken - others;
        }
      }
    },

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
