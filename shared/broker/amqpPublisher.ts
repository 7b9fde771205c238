// Way 5/7: publish: message -> exchange; confirmed by the broker, or known not to be
import { type ChannelModel, type ConfirmChannel, connect } from 'amqplib';
import { Fault } from '../kernel/fault.ts';
import type { OutgoingMessage, Publisher } from './publisher.ts';

/** How long connecting or one confirm may take before the connection counts as dead. */
const timeoutMs = 10_000;

interface Link {
  readonly model: ChannelModel;
  readonly channel: ConfirmChannel;
  /** Ids of messages that came back; the broker says so before it confirms them. */
  readonly returned: Set<string>;
}

/**
 * RabbitMQ through amqplib, on one connection and one confirm channel, made on first use and again after it was lost.
 * What was unconfirmed then fails: whoever published it knows whether to publish it again.
 *
 * @param url amqp:// or amqps:// with credentials
 * @param connectionName shown by the broker's own tools
 */
export function createAmqpPublisher(url: string, connectionName: string): Publisher {
  let linking: Promise<Link> | undefined;

  /** Only what is still the current link is dropped: an old one may say goodbye after a new one was made. */
  const drop = (link: Promise<Link> | undefined): void => {
    if (linking === link) linking = undefined;
  };

  const open = async (isGone: () => void): Promise<Link> => {
    const options = { noDelay: true, timeout: timeoutMs, clientProperties: { connection_name: connectionName } };
    const model = await connect(url, options);
    model.on('close', isGone);
    // Without a listener a lost connection would end the process; 'close' follows and drops the link.
    model.on('error', () => undefined);
    const channel = await model.createConfirmChannel();
    channel.on('error', () => undefined);
    channel.on('close', () => {
      isGone();
      void model.close().catch(() => undefined);
    });
    const returned = new Set<string>();
    channel.on('return', ({ properties }) => returned.add(String(properties.messageId)));
    return { model, channel, returned };
  };

  const link = (): Promise<Link> => {
    if (linking) return linking;
    const opening: Promise<Link> = open(() => drop(opening)).catch((error: unknown) => {
      drop(opening);
      throw toUnavailable(error);
    });
    linking = opening;
    return opening;
  };

  return {
    async publish(message) {
      const current = link();
      const { channel, returned, model } = await current;
      const { exchange, routingKey, body, messageId, timestamp, type, headers, correlationId } = message;
      const options = {
        persistent: true,
        mandatory: true,
        contentType: 'application/json',
        contentEncoding: 'utf-8',
        messageId,
        type,
        headers,
        timestamp: Math.floor(timestamp.getTime() / 1_000),
        ...(correlationId === undefined ? {} : { correlationId }),
      };
      const confirmed = Promise.withResolvers<void>();
      const timer = setTimeout(() => {
        confirmed.reject(toUnavailable(new Error(`no confirm within ${timeoutMs} ms`)));
        drop(current);
        void model.close().catch(() => undefined);
      }, timeoutMs);
      try {
        channel.publish(exchange, routingKey, Buffer.from(body), options, (error) =>
          error ? confirmed.reject(toUnavailable(error)) : confirmed.resolve(),
        );
      } catch (error) {
        confirmed.reject(toUnavailable(error));
      }
      try {
        await confirmed.promise;
      } finally {
        clearTimeout(timer);
      }
      if (returned.delete(messageId)) throw toUnroutable(message);
    },

    async close() {
      const current = linking;
      linking = undefined;
      await current?.then(({ model }) => model.close()).catch(() => undefined);
    },
  };
}

const toUnavailable = (error: unknown): Fault =>
  new Fault('broker/unavailable', `publish: ${error instanceof Error ? error.message : String(error)}`, error);

const toUnroutable = ({ exchange, routingKey }: OutgoingMessage): Fault =>
  new Fault('broker/unroutable', `no queue takes '${routingKey}' from exchange '${exchange}'`);
