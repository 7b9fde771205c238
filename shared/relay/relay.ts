// Way 4/7: relay: stored event -> message; at least once, in store order
import { backoffMs } from '../kernel/backoff.ts';
import { isFault } from '../kernel/fault.ts';
import type { Position } from '../store/eventStore.ts';
import { type HeldLease, leaseTiming } from './lease.ts';
import { startPump } from './pump.ts';
import type { RelayDeps, RelayOptions } from './relayDeps.ts';
import { createRelayStatus, type RelayStatus } from './status.ts';
import type { Window } from './window.ts';

const defaults: RelayOptions = { windowSize: 1_000, windowBytes: 16 * 1024 * 1024, drainMs: 10_000, checkpointMs: 250 };

const retry = { baseMs: 200, maxMs: 10_000 } as const;

/** Failures in a row after which a holder gives the lease back. */
const maxFailures = 5;

/**
 * Publishes every event of the published categories, in store order, while it holds the lease, and stands by while
 * another does, until `signal` aborts: then nothing more is read, what is under way is waited for, the checkpoint is
 * written and the lease given back. After any failure it starts again behind what was confirmed, so an event may be
 * published twice, and none is left out.
 */
export async function runRelay(
  deps: RelayDeps,
  signal: AbortSignal,
  options: Partial<RelayOptions> = {},
  status: RelayStatus = createRelayStatus(),
): Promise<void> {
  const { lease, clock } = deps;
  while (!signal.aborted) {
    status.state = 'standby';
    try {
      const held = await lease.tryAcquire();
      if (held) {
        await relayWhileHeld(deps, held, signal, { ...defaults, ...options }, status);
      } else {
        status.failures = 0;
        await clock.sleep(leaseTiming.pollMs, signal);
      }
    } catch (error) {
      await recover(deps, error, signal, status);
    }
  }
  status.state = 'stopped';
}

/** Says what went wrong and waits, longer each time. */
async function recover(
  { clock, logger }: RelayDeps,
  error: unknown,
  signal: AbortSignal,
  status: RelayStatus,
): Promise<void> {
  status.failures += 1;
  status.state = 'failing';
  const code = isFault(error) ? error.code : 'defect';
  const message = error instanceof Error ? error.message : String(error);
  status.lastError = { code, message, at: clock.now().toISOString() };
  const pauseMs = backoffMs(status.failures, retry);
  logger.error('relay starts again behind what was confirmed', error, { code, failures: status.failures, pauseMs });
  await clock.sleep(pauseMs, signal);
}

/** Ends when it was told to, or when the lease is lost. */
async function relayWhileHeld(
  deps: RelayDeps,
  held: HeldLease,
  signal: AbortSignal,
  options: RelayOptions,
  status: RelayStatus,
): Promise<void> {
  const { logger } = deps;
  const lost = new AbortController();
  const done = new AbortController();
  const ended = AbortSignal.any([signal, lost.signal]);
  let confirmed: Position | undefined = held.position;
  let window: Window | undefined;
  const progress = (): Position | undefined => {
    status.inWindow = window?.length ?? 0;
    confirmed = window?.confirmed ?? confirmed;
    return confirmed;
  };
  const mayPublish = (): boolean => !held.isLost;

  status.fencing = held.fencing;
  logger.info('relay holds the lease', { fencing: held.fencing, position: confirmed?.commit });
  const keeping = keepLease(deps, held, progress, done.signal, options.checkpointMs, () => lost.abort());
  while (!ended.aborted) {
    status.state = 'relaying';
    status.isCaughtUp = false;
    const pump = startPump(deps, { after: progress(), signal: ended, mayPublish }, options, status);
    window = pump.window;
    try {
      await pump.ended;
      if (held.isLost) lost.abort();
    } catch (error) {
      progress();
      window = undefined;
      await recover(deps, error, ended, status);
      // Another relay may reach what this one can't.
      if (status.failures % maxFailures === 0) break;
    }
  }
  done.abort();
  await keeping;
  if (lost.signal.aborted) logger.warn('relay has lost the lease', { fencing: held.fencing });
  else await held.release(progress());
  logger.info('relay stopped', { fencing: held.fencing, position: progress()?.commit });
}

/** Renews the lease and moves the checkpoint until it is done, or the lease is lost. */
async function keepLease(
  { clock, logger }: RelayDeps,
  held: HeldLease,
  progress: () => Position | undefined,
  done: AbortSignal,
  everyMs: number,
  lose: () => void,
): Promise<void> {
  let saved = held.position;
  let renewedMs = clock.elapsedMs();
  while (!done.aborted) {
    await clock.sleep(everyMs, done);
    const position = progress();
    const nowMs = clock.elapsedMs();
    if (position !== saved || nowMs - renewedMs >= leaseTiming.renewMs) {
      try {
        if (!(await held.renew(position))) return lose();
        saved = position;
        renewedMs = nowMs;
      } catch (error) {
        logger.error('lease was not renewed', error, { fencing: held.fencing });
      }
    }
    if (held.isLost) return lose();
  }
}
