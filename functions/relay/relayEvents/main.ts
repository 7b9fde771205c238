/** The relay as an always-on process: ends cleanly on SIGTERM or SIGINT, or when the process that forked it is gone. */
import { runRelay } from '../../../shared/relay/relay.ts';
import { relayDeps } from '../../wiring/relay.ts';

const stop = new AbortController();
process.on('SIGTERM', () => stop.abort());
process.on('disconnect', () => stop.abort());
// Under a parent, Ctrl-C is the parent's: it ends its children in order.
process.on('SIGINT', () => {
  if (process.send === undefined) stop.abort();
});

await runRelay(relayDeps, stop.signal);
process.exit(0);
