import { exchanges } from '../../shared/broker/topology.ts';
import { runRelay } from '../../shared/relay/relay.ts';
import type { Meter } from './meter.ts';

/** The relay as it is wired for its process, watched at its confirms. */
export async function relayPump(meter: Meter): Promise<void> {
  // A broker that others use as well must not see our exchange.
  Object.assign(exchanges, { events: process.env['EXCHANGE'] });
  const { relayDeps } = await import('../../functions/wiring/relay.ts');
  const { publisher } = relayDeps;
  const watched = {
    readDepth: publisher.readDepth,
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
