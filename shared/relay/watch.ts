import { publishedCategories, unroutedQueue } from '../broker/topology.ts';
import type { Metrics } from '../observe/metrics.ts';
import { hasLag } from './lag.ts';
import { formatPosition } from './position.ts';
import type { RelayDeps } from './relayDeps.ts';
import { type RelayReport, toReport } from './report.ts';
import type { RelayStatus } from './status.ts';

/** How often the store's end and the broker's unrouted messages are looked at while relaying. */
const lookMs = 5_000;
/** How soon after it took the lease the first look is. */
const idleMs = 500;
/** CloudWatch keeps minutes. */
const metricsMs = 60_000;

/** Looks at both ends of the relay from outside the pumps, and writes metrics, until `done`. Never rejects. */
export async function watchRelay(deps: RelayDeps, status: RelayStatus, done: AbortSignal): Promise<void> {
  const { clock, metrics, logger } = deps;
  let written = { atMs: clock.elapsedMs(), published: 0, handovers: 0, failures: 0, malformed: 0 };
  const write = (): void => {
    const { published, handovers, failuresInAll, malformed } = status;
    addMetrics(metrics, toReport(status, clock), {
      RelayPublished: published - written.published,
      RelayHandovers: handovers - written.handovers,
      RelayFailures: failuresInAll - written.failures,
      RelayMalformed: malformed - written.malformed,
    });
    metrics.flush();
    // Where to set it back to, should the broker lose what it was told since.
    if (status.state === 'relaying' && status.confirmed)
      logger.info('relay checkpoint', { position: formatPosition(status.confirmed), published });
    written = { atMs: clock.elapsedMs(), published, handovers, failures: failuresInAll, malformed };
  };
  while (!done.aborted) {
    await look(deps, status);
    const before = { atMs: clock.elapsedMs(), published: status.published };
    await clock.sleep(status.state === 'relaying' ? lookMs : idleMs, done);
    const seconds = (clock.elapsedMs() - before.atMs) / 1_000;
    status.ratePerSecond = seconds > 0 ? (status.published - before.published) / seconds : 0;
    if (done.aborted || clock.elapsedMs() - written.atMs >= metricsMs) write();
  }
}

/** A look that fails changes nothing: whoever pumps meets the same trouble and says so. */
async function look({ store, publisher, clock }: RelayDeps, status: RelayStatus): Promise<void> {
  if (status.state !== 'relaying') return;
  const [head, unrouted] = await Promise.allSettled([
    store.readHead(publishedCategories),
    publisher.readDepth(unroutedQueue),
  ]);
  status.head = head.status === 'fulfilled' ? head.value : undefined;
  if (unrouted.status === 'fulfilled') status.unrouted = unrouted.value;
  if (!hasLag(status)) status.lastProgressMs = clock.elapsedMs();
}

function addMetrics(metrics: Metrics, report: RelayReport, counts: Readonly<Record<string, number>>): void {
  for (const [name, count] of Object.entries(counts)) metrics.add(name, 'Count', count);
  metrics.add('RelayUnhealthy', 'Count', report.isHealthy ? 0 : 1);
  // Of the holder alone: a standby knows nothing of these, and a nought of it would hide the holder's figure.
  if (report.state === 'standby' || report.state === 'stopped') return;
  metrics.add('RelayWindowFill', 'Count', report.inWindow);
  if (report.lagEvents !== undefined) metrics.add('RelayLagEvents', 'Count', report.lagEvents);
  if (report.lagSeconds !== undefined) metrics.add('RelayLagSeconds', 'Seconds', report.lagSeconds);
  if (report.unrouted !== undefined) metrics.add('RelayUnrouted', 'Count', report.unrouted);
}
