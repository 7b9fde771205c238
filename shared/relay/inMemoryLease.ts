import { publishedCategories } from '../broker/topology.ts';
import type { Clock } from '../kernel/clock.ts';
import { leftOf, type PublishedSoFar, setBack, takeOver } from './backlog.ts';
import { type HeldLease, type Lease, leaseTiming } from './lease.ts';
import type { RewindLease } from './rewind.ts';

/** A row that leases of one process compete for: for tests of what stands on the port. */
export function createInMemoryLeaseRow(clock: Pick<Clock, 'elapsedMs'>): {
  newLease(categories?: readonly string[]): Lease;
  readonly rewind: RewindLease;
} {
  let fencing = 0;
  let beat = 0;
  let isHeld = false;
  let published: PublishedSoFar = { position: undefined, categories: undefined, backlog: undefined };

  const hold = (mine: number): HeldLease => {
    let renewedMs = clock.elapsedMs();
    const write: (...told: Parameters<HeldLease['renew']>) => boolean = (at, _report, told) => {
      if (fencing !== mine || !isHeld) return false;
      beat += 1;
      published = { ...published, position: at ?? published.position, backlog: told ?? published.backlog };
      renewedMs = clock.elapsedMs();
      return true;
    };
    return {
      fencing: mine,
      position: published.position,
      backlog: leftOf(published),
      get isLost() {
        return fencing !== mine || clock.elapsedMs() - renewedMs > leaseTiming.safeMs;
      },
      renew: async (...told) => write(...told),
      release: async (...told) => {
        if (write(...told)) isHeld = false;
      },
    };
  };

  return {
    async rewind(to, seen) {
      if (fencing !== seen || fencing === 0) return false;
      fencing += 1;
      beat += 1;
      isHeld = false;
      published = setBack(published, to);
      return true;
    },
    newLease(categories = publishedCategories) {
      let watched = { beat: -1, sinceMs: 0 };
      return {
        timing: leaseTiming,
        categories,
        async tryAcquire() {
          if (watched.beat !== beat) watched = { beat, sinceMs: clock.elapsedMs() };
          const isSilent = clock.elapsedMs() - watched.sinceMs >= leaseTiming.takeOverMs;
          if (isHeld && !isSilent) return undefined;
          fencing += 1;
          beat += 1;
          isHeld = true;
          published = takeOver(published, categories);
          return hold(fencing);
        },
      };
    },
  };
}
