import { backoffMs } from '../kernel/backoff.ts';
import type { Clock } from '../kernel/clock.ts';
import type { AllItem, EventStore } from '../store/eventStore.ts';
import { type Backlog, isTold } from './backlog.ts';
import { formatPosition } from './position.ts';
import { startPump } from './pump.ts';
import type { RelayDeps, RelayOptions } from './relayDeps.ts';
import { createRelayStatus, type RelayStatus, toRelayError } from './status.ts';

const retry = { baseMs: 200, maxMs: 10_000 } as const;

/** How long the store may say nothing before it is asked anew: a subscription may stay open to a node that was cut off. */
const patienceMs = 60_000;
const lookMs = 1_000;

interface Telling {
  readonly signal: AbortSignal;
  readonly mayPublish: () => boolean;
}

/**
 * Publishes a backlog beside the news, with a window of its own, until all of it is confirmed or `signal` aborts. How far it
 * is stands in `status.backlog`. What fails is begun again behind what was confirmed. Never rejects.
 */
export async function tellBacklog(
  deps: RelayDeps,
  backlog: Backlog,
  { signal, mayPublish }: Telling,
  options: RelayOptions,
  status: RelayStatus,
): Promise<void> {
  const { clock, logger } = deps;
  const { categories, until } = backlog;
  const fields = { categories, until: formatPosition(until) };
  const store = { ...deps.store, readAll: readBacklog(deps.store, backlog) };
  const pumping = besideNews(status, backlog);
  let failed = { times: 0, at: pumping.confirmed };
  let toldAt: Backlog['toldAt'];
  status.backlog = {
    current() {
      const now = { categories, position: pumping.confirmed, until };
      if (isTold(now)) toldAt ??= status.confirmed ?? until;
      return { ...now, ...(toldAt && { toldAt }) };
    },
    get failures() {
      return pumping.confirmed === failed.at ? failed.times : 0;
    },
  };
  logger.info('categories that are new to the relay are published from their beginning', fields);
  while (!signal.aborted && !isTold({ position: pumping.confirmed, until })) {
    const [unheard, over] = [new AbortController(), new AbortController()];
    const watching = watchSilence(clock, pumping, over.signal, () => unheard.abort());
    try {
      const source = { after: pumping.confirmed, signal: AbortSignal.any([signal, unheard.signal]), mayPublish };
      await startPump({ ...deps, store }, source, options, pumping).ended;
    } catch (error) {
      failed = { times: pumping.confirmed === failed.at ? failed.times + 1 : 1, at: pumping.confirmed };
      status.failuresInAll += 1;
      status.lastError = toRelayError(error, clock);
      logger.error('backlog failed and starts again behind what was confirmed', error, fields);
      await clock.sleep(backoffMs(failed.times, retry), signal);
    } finally {
      over.abort();
      await watching;
    }
  }
  if (isTold({ position: pumping.confirmed, until })) logger.info('the backlog is published', fields);
}

/** How the backlog's pump is doing: its own account, but for what counts what the relay has done in all. */
function besideNews(news: RelayStatus, { position }: Backlog): RelayStatus {
  return {
    ...createRelayStatus(),
    confirmed: position,
    get published() {
      return news.published;
    },
    set published(count) {
      news.published = count;
    },
    get malformed() {
      return news.malformed;
    },
    set malformed(count) {
      news.malformed = count;
    },
    get lastMalformed() {
      return news.lastMalformed;
    },
    set lastMalformed(last) {
      news.lastMalformed = last;
    },
  };
}

/** Until `over`: has the run begun anew that hears nothing. In a quiet store that changes nothing. */
async function watchSilence(
  clock: Pick<Clock, 'elapsedMs' | 'sleep'>,
  status: RelayStatus,
  over: AbortSignal,
  restart: () => void,
): Promise<void> {
  while (!over.aborted) {
    await clock.sleep(lookMs, over);
    const { window, pausedSinceMs, heardMs } = status;
    const isIdle = window?.length === 0 && pausedSinceMs === undefined;
    if (isIdle && clock.elapsedMs() - heardMs > patienceMs) return restart();
  }
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
