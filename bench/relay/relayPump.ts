import { exchanges } from '../../shared/broker/topology.ts';
import { runRelay } from '../../shared/relay/relay.ts';
import type { Meter } from './meter.ts';

/** The relay as it is wired for its process, watched at its confirms. */
export async function relayPump(meter: Meter): Promise<void> {
  // A broker that others use as well must not see our exchange.
  const exchange = process.env['EXCHANGE'] ?? '';
  Object.assign(exchanges, { events: exchange });
  const { relayDeps } = await import('../../functions/wiring/relay.ts');
  const { publisher } = relayDeps;
  const watched = {
    // Asked of the bench's queue, which there is; what lies in it is no trouble.
    async readDepth() {
      await publisher.readDepth(exchange);
      return 0;
    },
    async ready() {
      const sender = await publisher.ready();
      const send: typeof sender.send = (message, settled) => {
        // The id alone: with the message each confirm that is awaited would keep a body.
        const { messageId } = message;
        return sender.send(message, (fault) => {
          settled(fault);
          if (!fault) meter.done(messageId);
        });
      };
      return { send };
    },
  };
  const stop = new AbortController();
  process.send?.('started');
  const running = runRelay({ ...relayDeps, publisher: watched }, stop.signal);
  await meter.result;
  stop.abort();
  await running;
}
