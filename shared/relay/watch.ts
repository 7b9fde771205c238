import { unroutedQueue } from '../broker/topology.ts';
import { type Fault, isFault } from '../kernel/fault.ts';
import type { Metrics } from '../observe/metrics.ts';
import { forgive, mayHaveLag } from './lag.ts';
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

/**
 * Looks at both ends of the relay from outside the pumps, and writes metrics, until `done`. A queue that it may not look at, or
 * that is not there, is told once. Never rejects.
 */
export async function watchRelay(deps: RelayDeps, status: RelayStatus, done: AbortSignal): Promise<void> {
  const { clock, metrics, logger } = deps;
  let isTold = false;
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
    const refusal = await look(deps, status);
    if (refusal && !isTold) {
      isTold = true;
      const { code, message: reason } = refusal;
      logger.warn('the broker does not tell how deep a queue is', { queue: unroutedQueue, code, reason });
    }
    const before = { atMs: clock.elapsedMs(), published: status.published };
    await clock.sleep(status.state === 'relaying' ? lookMs : idleMs, done);
    const seconds = (clock.elapsedMs() - before.atMs) / 1_000;
    status.ratePerSecond = seconds > 0 ? (status.published - before.published) / seconds : 0;
    if (done.aborted || clock.elapsedMs() - written.atMs >= metricsMs) write();
  }
}

/** Of the one queue that is looked at; whoever pumps does not meet it. */
const isRefusal = (error: unknown): error is Fault =>
  isFault(error) && (error.code === 'broker/forbidden' || error.code === 'broker/unroutable');

/**
 * A look that fails is no trouble yet: whoever pumps meets the same and says so, but for a store that has fallen silent, which
 * no progress tells. What it alone meets is answered.
 */
async function look({ store, publisher, lease, clock }: RelayDeps, status: RelayStatus): Promise<Fault | undefined> {
  if (status.state !== 'relaying') return undefined;
  const [head, unrouted] = await Promise.allSettled([
    store.readHead(lease.categories),
    publisher.readDepth(unroutedQueue),
  ]);
  status.isHeadKnown = head.status === 'fulfilled';
  if (head.status === 'fulfilled') status.head = head.value;
  if (unrouted.status === 'fulfilled') status.unrouted = unrouted.value;
  if (!mayHaveLag(status)) status.lastProgressMs = clock.elapsedMs();
  forgive(status);
  return unrouted.status === 'rejected' && isRefusal(unrouted.reason) ? unrouted.reason : undefined;
}

function addMetrics(metrics: Metrics, report: RelayReport, counts: Readonly<Record<string, number>>): void {
  for (const [name, count] of Object.entries(counts)) metrics.add(name, 'Count', count);
  metrics.add('RelayUnhealthy', 'Count', report.isHealthy ? 0 : 1);
  // Of the holder alone: a standby knows nothing of these, and a nought of it would hide the holder's figure.
  if (report.state === 'standby' || report.state === 'stopped') return;
  metrics.add('RelayWindowFill', 'Count', report.inWindow);
  if (report.lagEvents !== undefined) metrics.add('RelayLagEvents', 'Count', report.lagEvents);
  if (report.lagSeconds !== undefined) metrics.add('RelayLagSeconds', 'Seconds', report.lagSeconds);
}
