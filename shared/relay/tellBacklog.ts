import { backoffMs } from '../kernel/backoff.ts';
import type { AllItem, EventStore } from '../store/eventStore.ts';
import { type Backlog, isTold } from './backlog.ts';
import { formatPosition } from './position.ts';
import { startPump } from './pump.ts';
import type { RelayDeps, RelayOptions } from './relayDeps.ts';
import { createRelayStatus, type RelayStatus, toRelayError } from './status.ts';

const retry = { baseMs: 200, maxMs: 10_000 } as const;

/**
 * Publishes a backlog beside the news, with a window of its own, until all of it is confirmed or `signal` aborts. How far it
 * is stands in `status.backlog`. What fails is begun again behind what was confirmed. Never rejects.
 */
export async function tellBacklog(
  deps: RelayDeps,
  backlog: Backlog,
  run: { readonly signal: AbortSignal; readonly mayPublish: () => boolean },
  options: RelayOptions,
  status: RelayStatus,
): Promise<void> {
  const { clock, logger } = deps;
  const { categories, until } = backlog;
  const fields = { categories, until: formatPosition(until) };
  const store = { ...deps.store, readAll: readBacklog(deps.store, backlog) };
  // Its own: what it meets is no news of the relay's, which meets a broker or a store that fails too, and says so.
  const pumping = { ...createRelayStatus(), confirmed: backlog.position };
  const current = (): Backlog => ({ categories, position: pumping.confirmed, until });
  const told: NonNullable<RelayStatus['backlog']> = { current, failures: 0 };
  status.backlog = told;
  logger.info('categories that are new to the relay are published from their beginning', fields);
  while (!run.signal.aborted && !isTold(current())) {
    const before = pumping.confirmed;
    try {
      await startPump({ ...deps, store }, { after: before, ...run }, options, pumping).ended;
    } catch (error) {
      told.failures = pumping.confirmed === before ? told.failures + 1 : 1;
      status.lastError = toRelayError(error, clock);
      logger.error('backlog failed and starts again behind what was confirmed', error, fields);
      await clock.sleep(backoffMs(told.failures, retry), run.signal);
    }
  }
  if (!isTold(current())) return;
  told.failures = 0;
  logger.info('the backlog is published', { ...fields, published: pumping.published });
}

/**
 * Up to the backlog's end, and not until there is no more: a node that is behind the others says so too early. In a quiet store
 * that is told with the next events of anybody.
 */
const readBacklog = (store: Pick<EventStore, 'readAll'>, { categories, until }: Backlog): EventStore['readAll'] =>
  async function* (options) {
    for await (const batch of store.readAll({ ...options, categories })) {
      const items: AllItem[] = [];
      for (const item of batch) {
        if (item.kind === 'caught-up') continue;
        if (item.position.commit <= until.commit) items.push(item);
        if (item.position.commit >= until.commit) return yield [...items, { kind: 'checkpoint', position: until }];
      }
      if (items.length > 0) yield items;
    }
  };
