// Way 5/7: publish: message -> exchange; confirmed by the broker, or known not to be

import { Fault } from '../kernel/fault.ts';
import { type Freezes, neverFrozen } from '../kernel/freezes.ts';
import { lazyConnection } from '../kernel/lazyConnection.ts';
import { parseBrokerAddress } from './amqpFault.ts';
import { type AmqpLink, openAmqpLink } from './amqpLink.ts';
import type { Publisher } from './publisher.ts';

/**
 * RabbitMQ through amqplib, on one connection and one confirm channel, made on first use and again after it was lost, or
 * after a freeze. What was unconfirmed then fails: whoever published it knows whether to publish it again.
 *
 * @param url amqp:// or amqps:// with credentials, or who asks for it each time a connection is made
 * @param connectionName shown by the broker's own tools
 * @param limitMs how long one `publish` may take. A broker that is out of memory or disk delivers, and takes nothing for hours:
 *   whoever waited for it would be killed for it by its own host, and what it was at would be blamed.
 * @throws Fault config/invalid at once when `url` is no address
 */
export function createAmqpPublisher(
  url: string | (() => Promise<string>),
  connectionName: string,
  freezes: Freezes = neverFrozen,
  limitMs = 10_000,
): Publisher {
  if (typeof url === 'string') parseBrokerAddress(url);
  const findUrl = typeof url === 'string' ? async () => url : url;
  const link = lazyConnection<AmqpLink>({
    open: async (drop) => openAmqpLink(await findUrl(), connectionName, drop),
    // One that is dropped has ended by itself.
    close: (open, reason) => (reason === 'dropped' ? undefined : open.close()),
    freezes,
  });

  return {
    async publish(message) {
      const sender = await link();
      await new Promise<void>((resolve, reject) => {
        const why = () => (sender.isBlocked ? 'the broker is out of memory or disk and takes nothing' : 'no confirm');
        const late = setTimeout(
          () => reject(new Fault('broker/unavailable', `publish: ${why()} within ${limitMs} ms`)),
          limitMs,
        );
        sender.send(message, (fault) => {
          clearTimeout(late);
          if (fault) reject(fault);
          else resolve();
        });
      });
    },

    async ready() {
      const current = await link();
      await current.free();
      return current;
    },

    async readDepth(queue) {
      const open = await link();
      return open.readDepth(queue);
    },

    close: link.close,
  };
}
