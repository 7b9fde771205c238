import { type ChannelModel, type ConfirmChannel, connect } from 'amqplib';
import { type Clock, systemClock } from '../kernel/clock.ts';
import { parseBrokerAddress, toBrokerFault, toMessageFault, toReturnedFault } from './amqpFault.ts';
import { sayGoodbye, socketOf } from './amqpGoodbye.ts';
import type { OutgoingMessage, Sender } from './publisher.ts';
import { createReturns } from './returns.ts';

/** How long connecting, or the next confirm while some are missing, may take before the connection counts as dead. */
const timeoutMs = 10_000;

/** One connection with one confirm channel, from its opening to its end. */
export interface AmqpLink extends Sender {
  /** Resolves when the broker and the socket take more; also when the link is gone, as the next `send` will say. */
  free(): Promise<void>;
  /** The broker has run out of memory or disk and takes nothing for now. */
  readonly isBlocked: boolean;
  /** Messages that are ready in a queue; on a channel of its own, as a queue that is missing ends the channel. */
  readDepth(queue: string): Promise<number>;
  close(): Promise<void>;
}

const toOptions = ({ messageId, timestamp, type, headers, correlationId }: OutgoingMessage) => ({
  persistent: true,
  mandatory: true,
  contentType: 'application/json',
  contentEncoding: 'utf-8',
  messageId,
  type,
  headers,
  timestamp: Math.floor(timestamp.getTime() / 1_000),
  ...(correlationId === undefined ? {} : { correlationId }),
});

/**
 * @param isGone called once, when nothing can be sent over this link any more
 * @throws Fault broker/unavailable, broker/refused, config/invalid
 */
export async function openAmqpLink(
  url: string,
  connectionName: string,
  isGone: () => void,
  clock: Pick<Clock, 'elapsedMs'> = systemClock,
): Promise<AmqpLink> {
  const address = parseBrokerAddress(url);
  const options = { noDelay: true, timeout: timeoutMs, clientProperties: { connection_name: connectionName } };
  const model: ChannelModel = await connect(url, options).catch((error: unknown) => {
    throw toBrokerFault(error, address);
  });
  /** What the broker said last before it ended the channel or the connection; 'close' follows and says less. */
  let said: unknown;
  const hear = (error: unknown): void => {
    said = error;
  };
  // Without a listener a lost connection would end the process.
  model.on('error', hear);
  const channel: ConfirmChannel = await model.createConfirmChannel().catch((error: unknown) => {
    throw toBrokerFault(said ?? error, address);
  });

  const stream = socketOf(model);
  let isCorked = false;
  const uncork = (): void => {
    isCorked = false;
    stream.uncork();
  };
  /** What is sent in one turn leaves in one write: the client makes a system call, and with TLS a record, of each message. */
  const cork = (): void => {
    if (isCorked) return;
    isCorked = true;
    stream.cork();
    // The client hands its messages to the socket in an immediate that it asks for in the next tick: this comes just after.
    // Were it to come before, they would leave one by one, as without it.
    process.nextTick(() => process.nextTick(() => setImmediate(uncork)));
  };

  const returns = createReturns();
  const unconfirmed = new Set<(error: unknown) => void>();
  let isBlocked = false;
  let isFull = false;
  let isOver = false;
  let lastProgressMs = clock.elapsedMs();
  let change = Promise.withResolvers<void>();
  const changed = (): void => {
    change.resolve();
    change = Promise.withResolvers();
  };
  const close = (): Promise<void> => sayGoodbye(model);
  const watch = setInterval(() => {
    const isStalled = unconfirmed.size > 0 && !isBlocked && clock.elapsedMs() - lastProgressMs > timeoutMs;
    if (!isStalled) return;
    over(new Error(`no confirm within ${timeoutMs} ms`));
    void close();
  }, 1_000);
  const over = (reason: unknown): void => {
    if (isOver) return;
    isOver = true;
    clearInterval(watch);
    isGone();
    changed();
    hear(said ?? reason);
    for (const answered of unconfirmed) answered(reason);
  };
  model.on('close', (error) => over(error ?? new Error('the connection was closed')));
  model.on('blocked', () => {
    isBlocked = true;
  });
  model.on('unblocked', () => {
    isBlocked = false;
    lastProgressMs = clock.elapsedMs();
    changed();
  });
  channel.on('drain', () => {
    isFull = false;
    changed();
  });
  channel.on('error', hear);
  channel.on('close', () => {
    over(new Error('the channel was closed'));
    void close();
  });
  channel.on('return', ({ properties }) => returns.note(String(properties.messageId)));

  return {
    get isBlocked() {
      return isBlocked;
    },
    async free() {
      while ((isBlocked || isFull) && !isOver) await change.promise;
    },
    send(message, settled) {
      // What waits for a confirm holds on to this alone, and not to a window full of bodies.
      const { exchange, routingKey, messageId, body } = message;
      const target = { exchange, routingKey };
      if (unconfirmed.size === 0) lastProgressMs = clock.elapsedMs();
      // Called by the confirm, by a failed channel, or by the end of the link: whichever comes first counts.
      const answered = (error: unknown): void => {
        if (!unconfirmed.delete(answered)) return;
        lastProgressMs = clock.elapsedMs();
        if (error) settled(toMessageFault(toBrokerFault(said ?? error, address), target));
        else settled(returns.take(messageId) ? toReturnedFault(target) : undefined);
      };
      unconfirmed.add(answered);
      if (isOver) {
        answered(new Error('the connection is gone'));
        return false;
      }
      const content = Buffer.isBuffer(body) ? body : Buffer.from(body);
      try {
        cork();
        isFull = !channel.publish(exchange, routingKey, content, toOptions(message), answered);
      } catch (error) {
        answered(error);
      }
      return !isFull && !isBlocked;
    },
    async readDepth(queue) {
      try {
        const asking = await model.createChannel();
        asking.on('error', () => undefined);
        const { messageCount } = await asking.checkQueue(queue);
        await asking.close();
        return messageCount;
      } catch (error) {
        throw toBrokerFault(error, address);
      }
    },
    close,
  };
}
