/**
 * The relay as an always-on process: ends cleanly on SIGTERM or SIGINT, or when the process that forked it is gone. With
 * `HEALTH_PORT` it answers there how it is doing.
 */
import { systemClock } from '../../../shared/kernel/clock.ts';
import { runRelay } from '../../../shared/relay/relay.ts';
import { createRelayStatus } from '../../../shared/relay/status.ts';
import { startHealthServer } from './healthServer.ts';
import { requireCategories } from './requireCategories.ts';

const stop = new AbortController();
process.on('SIGTERM', () => stop.abort());
process.on('disconnect', () => stop.abort());
// Under a parent, Ctrl-C is the parent's: it ends its children in order.
process.on('SIGINT', () => {
  if (process.send === undefined) stop.abort();
});

try {
  const { healthPort, settingOf } = await import('../../wiring/config.ts');
  const { relayDeps } = await import('../../wiring/relay.ts');
  requireCategories(relayDeps.lease.categories, settingOf('RELAY_CATEGORIES'));
  const status = createRelayStatus();
  const port = healthPort();
  if (port !== undefined) await startHealthServer(status, systemClock, port);
  await runRelay(relayDeps, stop.signal, {}, status);
  process.exit(0);
} catch (error) {
  // What is missing or taken does not come by waiting.
  process.stderr.write(`relay: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
