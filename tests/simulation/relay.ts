import { publishedCategories } from '../../shared/broker/topology.ts';
import { silentLogger } from '../../shared/observe/logger.ts';
import { silentMetrics } from '../../shared/observe/metrics.ts';
import { isTold } from '../../shared/relay/backlog.ts';
import { createInMemoryLeaseRow } from '../../shared/relay/inMemoryLease.ts';
import { runRelay } from '../../shared/relay/relay.ts';
import { createRelayStatus } from '../../shared/relay/status.ts';
import type { EventStore, Position } from '../../shared/store/eventStore.ts';
import type { Chance } from '../../shared/testing/chance.ts';
import type { ManualClock } from '../../shared/testing/manualClock.ts';
import type { SimulatedBroker } from './broker.ts';

const never = new Promise<never>(() => undefined);

/** What the relays of a release before this one published. */
const formerCategories = publishedCategories.filter((category) => category !== 'shipment' && category !== 'payment');

/**
 * The real relay, one process after another: some are stopped, others die and leave the lease to whoever comes. Now and then
 * one is of the release before, and passes over what it does not know.
 */
export function createRelays(chance: Chance, store: EventStore, broker: SimulatedBroker, clock: ManualClock) {
  const row = createInMemoryLeaseRow(clock);
  const isAtEnd = async (position: Position | undefined, categories = publishedCategories): Promise<boolean> => {
    const head = await store.readHead(categories);
    return head === undefined || (position !== undefined && position.commit >= head.commit);
  };
  let reached: Position | undefined;
  let wasFormer = false;
  return {
    /** Whether anything is stored that no process has published yet. */
    hasNews: async () => wasFormer || !(await isAtEnd(reached)),
    /** One process from its start until it has caught up with the store, or has died on the way. */
    async run(): Promise<void> {
      const stop = new AbortController();
      const isFormer = !wasFormer && chance.happens(0.1);
      const categories = isFormer ? formerCategories : publishedCategories;
      const status = createRelayStatus();
      let isDead = false;
      const relay = runRelay(
        {
          store,
          publisher: { ready: async () => broker.newSender(() => isDead), readDepth: async () => 0 },
          lease: row.newLease(categories),
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
      const isBacklogTold = () => status.backlog === undefined || isTold(status.backlog.current());
      while (!(status.state === 'relaying' && isBacklogTold() && (await isAtEnd(status.confirmed, categories)))) {
        await clock.pass(100);
        isDead = clock.elapsedMs() - startedMs > diesAfterMs;
        if (isDead) return;
      }
      reached = status.confirmed;
      wasFormer = isFormer;
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
