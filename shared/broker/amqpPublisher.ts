// Way 5/7: publish: message -> exchange; confirmed by the broker, or known not to be
import { parseBrokerAddress, toBrokerFault } from './amqpFault.ts';
import { type AmqpLink, openAmqpLink } from './amqpLink.ts';
import type { Publisher } from './publisher.ts';

/**
 * RabbitMQ through amqplib, on one connection and one confirm channel, made on first use and again after it was lost.
 * What was unconfirmed then fails: whoever published it knows whether to publish it again.
 *
 * @param url amqp:// or amqps:// with credentials
 * @param connectionName shown by the broker's own tools
 * @throws Fault config/invalid at once when `url` is no address
 */
export function createAmqpPublisher(url: string, connectionName: string): Publisher {
  const address = parseBrokerAddress(url);
  let linking: Promise<AmqpLink> | undefined;

  /** Only what is still the current link is dropped: an old one may say goodbye after a new one was made. */
  const drop = (link: Promise<AmqpLink>): void => {
    if (linking === link) linking = undefined;
  };
  const link = (): Promise<AmqpLink> => {
    if (linking) return linking;
    const opening: Promise<AmqpLink> = openAmqpLink(url, connectionName, () => drop(opening)).catch(
      (error: unknown) => {
        drop(opening);
        throw error;
      },
    );
    linking = opening;
    return opening;
  };

  return {
    async publish(message) {
      const sender = await link();
      await new Promise<void>((resolve, reject) => {
        sender.send(message, (fault) => (fault ? reject(fault) : resolve()));
      });
    },

    async ready() {
      const current = await link();
      await current.free();
      return current;
    },

    async readDepth(queue) {
      const open = await link();
      return open.readDepth(queue).catch((error: unknown) => {
        throw toBrokerFault(error, address);
      });
    },

    async close() {
      const current = linking;
      linking = undefined;
      await current?.then((open) => open.close()).catch(() => undefined);
    },
  };
}
