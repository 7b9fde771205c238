import type { Clock } from '../kernel/clock.ts';
import type { Position } from '../store/eventStore.ts';
import { type HeldLease, type Lease, leaseTiming } from './lease.ts';
import type { RewindLease } from './rewind.ts';

/** A row that leases of one process compete for: for tests of what stands on the port. */
export function createInMemoryLeaseRow(clock: Pick<Clock, 'elapsedMs'>): {
  newLease(): Lease;
  readonly rewind: RewindLease;
} {
  let fencing = 0;
  let beat = 0;
  let isHeld = false;
  let position: Position | undefined;

  const hold = (mine: number): HeldLease => {
    let renewedMs = clock.elapsedMs();
    const write = (at: Position | undefined): boolean => {
      if (fencing !== mine || !isHeld) return false;
      beat += 1;
      position = at ?? position;
      renewedMs = clock.elapsedMs();
      return true;
    };
    return {
      fencing: mine,
      position,
      get isLost() {
        return fencing !== mine || clock.elapsedMs() - renewedMs > leaseTiming.safeMs;
      },
      renew: async (at) => write(at),
      release: async (at) => {
        if (write(at)) isHeld = false;
      },
    };
  };

  return {
    async rewind(to, seen) {
      if (fencing !== seen || fencing === 0) return false;
      fencing += 1;
      beat += 1;
      isHeld = false;
      position = to === 'start' ? undefined : to;
      return true;
    },
    newLease() {
      let watched = { beat: -1, sinceMs: 0 };
      return {
        timing: leaseTiming,
        async tryAcquire() {
          if (watched.beat !== beat) watched = { beat, sinceMs: clock.elapsedMs() };
          const isSilent = clock.elapsedMs() - watched.sinceMs >= leaseTiming.takeOverMs;
          if (isHeld && !isSilent) return undefined;
          fencing += 1;
          beat += 1;
          isHeld = true;
          return hold(fencing);
        },
      };
    },
  };
}
