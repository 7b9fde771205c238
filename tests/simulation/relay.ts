import { publishedCategories } from '../../shared/broker/topology.ts';
import { silentLogger } from '../../shared/observe/logger.ts';
import { silentMetrics } from '../../shared/observe/metrics.ts';
import { createInMemoryLeaseRow } from '../../shared/relay/inMemoryLease.ts';
import { runRelay } from '../../shared/relay/relay.ts';
import { createRelayStatus, type RelayStatus } from '../../shared/relay/status.ts';
import type { EventStore } from '../../shared/store/eventStore.ts';
import type { Chance } from '../../shared/testing/chance.ts';
import type { ManualClock } from '../../shared/testing/manualClock.ts';
import type { SimulatedBroker } from './broker.ts';

const never = new Promise<never>(() => undefined);

/** The real relay, one process after another: some are stopped, others die and leave the lease to whoever comes. */
export function createRelays(chance: Chance, store: EventStore, broker: SimulatedBroker, clock: ManualClock) {
  const row = createInMemoryLeaseRow(clock);
  const isCaughtUp = async ({ confirmed }: RelayStatus): Promise<boolean> => {
    const head = await store.readHead(publishedCategories);
    return head === undefined || (confirmed !== undefined && confirmed.commit >= head.commit);
  };
  return {
    /** One process from its start until it has caught up with the store, or has died on the way. */
    async run(): Promise<void> {
      const stop = new AbortController();
      const status = createRelayStatus();
      let isDead = false;
      const relay = runRelay(
        {
          store,
          publisher: { ready: async () => broker.newSender(() => isDead), readDepth: async () => 0 },
          lease: row.newLease(),
          // The timers of a process die with it.
          clock: { ...clock, sleep: (ms, signal) => (isDead ? never : clock.sleep(ms, signal)) },
          logger: silentLogger,
          metrics: silentMetrics,
        },
        stop.signal,
        {},
        status,
      );
      const diesAfterMs = chance.happens(0.1) ? chance.below(1_000) : Number.POSITIVE_INFINITY;
      const startedMs = clock.elapsedMs();
      while (!(status.state === 'relaying' && (await isCaughtUp(status)))) {
        await clock.pass(100);
        isDead = clock.elapsedMs() - startedMs > diesAfterMs;
        if (isDead) return;
      }
      // Long enough for the checkpoint to be written, or not.
      if (chance.happens(0.5)) await clock.pass(300);
      if (chance.happens(0.1)) {
        isDead = true;
        return;
      }
      stop.abort();
      await relay;
    },
  };
}
