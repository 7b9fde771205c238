import { isUnheard } from './health.ts';
import type { HeldLease } from './lease.ts';
import type { RelayDeps } from './relayDeps.ts';
import { toReport } from './report.ts';
import type { RelayStatus } from './status.ts';

/** Renews the lease and moves the checkpoint until it is done, or the lease is lost; has a run begun again that hears nothing. */
export async function keepLease(
  { clock, logger, lease }: RelayDeps,
  held: HeldLease,
  status: RelayStatus,
  done: AbortSignal,
  everyMs: number,
  { lose, restart }: { readonly lose: () => void; readonly restart: () => void },
): Promise<void> {
  let saved = held.position;
  let renewedMs = clock.elapsedMs();
  while (!done.aborted) {
    await clock.sleep(everyMs, done);
    const { confirmed } = status;
    const nowMs = clock.elapsedMs();
    status.turnedMs = nowMs;
    if (isUnheard(status, nowMs)) restart();
    if (confirmed !== saved || nowMs - renewedMs >= lease.timing.renewMs) {
      try {
        if (!(await held.renew(confirmed, toReport(status, clock), status.backlog?.current()))) return lose();
        saved = confirmed;
        renewedMs = nowMs;
      } catch (error) {
        logger.error('lease was not renewed', error, { fencing: held.fencing });
      }
    }
    if (held.isLost) return lose();
  }
}
