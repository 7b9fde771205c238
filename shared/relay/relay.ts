// Way 4/7: relay: stored event -> message; at least once, in store order
import { backoffMs } from '../kernel/backoff.ts';
import { Fault, type FaultCode, isFault } from '../kernel/fault.ts';
import { untilAborted } from '../kernel/untilAborted.ts';
import { keepLease } from './keepLease.ts';
import type { HeldLease } from './lease.ts';
import { startPump, whenFree } from './pump.ts';
import type { RelayDeps, RelayOptions } from './relayDeps.ts';
import { toReport } from './report.ts';
import { createRelayStatus, type RelayStatus, toRelayError } from './status.ts';
import { tellBacklog } from './tellBacklog.ts';
import { watchRelay } from './watch.ts';

const defaults: RelayOptions = { windowSize: 1_000, windowBytes: 16 * 1024 * 1024, drainMs: 10_000, checkpointMs: 250 };

const retry = { baseMs: 200, maxMs: 10_000 } as const;

/** Failures in a row after which a holder gives the lease back. */
const maxFailures = 5;

/** What no waiting mends: this process has read its settings once. */
const hopeless: readonly FaultCode[] = ['config/invalid', 'broker/refused', 'store/refused'];

/**
 * Publishes every event of the published categories, in store order, while it holds the lease, and stands by while
 * another does, until `signal` aborts: then nothing more is read, what is under way is waited for, the checkpoint is
 * written and the lease given back. After any failure it starts again behind what was confirmed, so an event may be
 * published twice, and none is left out.
 *
 * @throws Fault config/invalid, broker/refused or store/refused before anything has ever worked; later it waits and tries again
 */
export async function runRelay(
  deps: RelayDeps,
  signal: AbortSignal,
  options: Partial<RelayOptions> = {},
  status: RelayStatus = createRelayStatus(),
): Promise<void> {
  const done = new AbortController();
  const watching = watchRelay(deps, status, done.signal);
  try {
    await standByOrRelay(deps, signal, { ...defaults, ...options }, status);
  } finally {
    status.state = 'stopped';
    done.abort();
    await watching;
  }
}

async function standByOrRelay(
  deps: RelayDeps,
  signal: AbortSignal,
  options: RelayOptions,
  status: RelayStatus,
): Promise<void> {
  const { store, lease, clock } = deps;
  let hasWorked = false;
  let isStoreReached = false;
  while (!signal.aborted) {
    status.turnedMs = clock.elapsedMs();
    try {
      // Both ends before the lease: a relay that can't publish must not take it from one that can, and a standby that is
      // connected already takes over sooner.
      await whenFree(deps, status, signal);
      if (!isStoreReached) await untilAborted(store.readHead(lease.categories), signal);
      isStoreReached = true;
      if (signal.aborted) return;

      const held = await lease.tryAcquire();
      hasWorked = true;
      status.state = 'standby';
      if (held) {
        await relayWhileHeld(deps, held, signal, options, status);
      } else {
        status.failures = 0;
        await clock.sleep(lease.timing.pollMs, signal);
      }
    } catch (error) {
      if (!hasWorked && isFault(error) && hopeless.includes(error.code)) throw error;
      isStoreReached = false;
      await recover(deps, error, signal, status);
    }
  }
}

/** Says what went wrong and waits, longer each time. */
async function recover(
  { clock, logger }: RelayDeps,
  error: unknown,
  signal: AbortSignal,
  status: RelayStatus,
): Promise<void> {
  status.failures += 1;
  status.failuresInAll += 1;
  status.state = 'failing';
  const lastError = toRelayError(error, clock);
  status.lastError = lastError;
  const pauseMs = backoffMs(status.failures, retry);
  logger.error('relay failed and starts again behind what was confirmed', error, {
    code: lastError.code,
    reason: lastError.message,
    failures: status.failures,
    pauseMs,
  });
  await clock.sleep(pauseMs, signal);
}

/** Ends when it was told to, when the lease is lost, or when so much failed that another may try. */
async function relayWhileHeld(
  deps: RelayDeps,
  held: HeldLease,
  signal: AbortSignal,
  options: RelayOptions,
  status: RelayStatus,
): Promise<void> {
  const { logger, clock } = deps;
  const lost = new AbortController();
  const over = new AbortController();
  const done = new AbortController();
  const ended = AbortSignal.any([signal, lost.signal]);
  const mayPublish = (): boolean => {
    if (held.isLost) lost.abort();
    return !lost.signal.aborted;
  };
  // With what a release that failed has left.
  Object.assign(status, {
    fencing: held.fencing,
    handovers: status.handovers + 1,
    confirmed: held.position,
    backlog: undefined,
  });
  status.lastProgressMs = clock.elapsedMs();

  logger.info('relay holds the lease', { fencing: held.fencing, position: status.confirmed?.commit });
  let unheard = new AbortController();
  const keeping = keepLease(deps, held, status, done.signal, options.checkpointMs, {
    lose: () => lost.abort(),
    restart: () => unheard.abort(),
  });
  const telling =
    held.backlog &&
    tellBacklog(deps, held.backlog, { signal: AbortSignal.any([ended, over.signal]), mayPublish }, options, status);
  while (!ended.aborted) {
    status.state = 'relaying';
    unheard = new AbortController();
    const signal = AbortSignal.any([ended, unheard.signal]);
    const pump = startPump(deps, { after: status.confirmed, signal, mayPublish }, options, status);
    try {
      await pump.ended;
      if (unheard.signal.aborted)
        throw new Fault(
          'store/unavailable',
          'the subscription says nothing, and there is something to publish or may be',
        );
    } catch (error) {
      await recover(deps, error, ended, status);
      // Another relay may reach what this one can't.
      if (status.failures % maxFailures === 0) break;
    }
  }
  over.abort();
  await telling;
  done.abort();
  await keeping;
  const { confirmed } = status;
  if (lost.signal.aborted) logger.warn('relay has lost the lease', { fencing: held.fencing });
  else await held.release(confirmed, toReport(status, clock), status.backlog?.current());
  Object.assign(status, {
    window: undefined,
    read: undefined,
    head: undefined,
    isHeadKnown: false,
    backlog: undefined,
  });
  logger.info('relay stopped', { fencing: held.fencing, position: confirmed?.commit });
}
