import { describe, expect, test } from '@jest/globals';
import type { Lease } from './lease.ts';
import type { RewindLease } from './rewind.ts';

interface Rivals {
  /** Another process's lease on the same row; all share the one clock. */
  newRelay(): Lease;
  readonly rewind: RewindLease;
  /** Lets time pass. */
  wait(ms: number): void;
}

const at = (commit: number) => ({ commit: BigInt(commit), prepare: BigInt(commit) });

/** What every lease promises; `makeRivals` gives a row that was never held. */
export function describeLease(name: string, makeRivals: () => Rivals): void {
  describe(`lease: ${name}`, () => {
    test('of many that want it, one has it, at the first fencing number and without a checkpoint', async () => {
      const { newRelay } = makeRivals();
      const held = await Promise.all(Array.from({ length: 5 }, () => newRelay().tryAcquire()));
      const holders = held.filter((lease) => lease !== undefined);
      expect(holders).toHaveLength(1);
      expect(holders[0]).toMatchObject({ fencing: 1, position: undefined, isLost: false });
    });

    test('given back, the next has it at once, where the last has left off', async () => {
      const { newRelay } = makeRivals();
      const [first, second] = [newRelay(), newRelay()];
      const held = await first.tryAcquire();
      expect(await second.tryAcquire()).toBeUndefined();
      expect(await held?.renew(at(7))).toBe(true);
      await held?.release(at(9_007_199_254));
      expect(await second.tryAcquire()).toMatchObject({ fencing: 2, position: at(9_007_199_254) });
    });

    test('a holder that renews keeps it, however long a standby watches', async () => {
      const { newRelay, wait } = makeRivals();
      const [first, second] = [newRelay(), newRelay()];
      const held = await first.tryAcquire();
      for (let n = 0; n < 20; n += 1) {
        expect(await second.tryAcquire()).toBeUndefined();
        wait(1_500);
        expect(await held?.renew(undefined)).toBe(true);
      }
      expect(held?.isLost).toBe(false);
    });

    test('a silent holder knows that it has lost it before anybody takes it', async () => {
      const { newRelay, wait } = makeRivals();
      const [first, second] = [newRelay(), newRelay()];
      const held = await first.tryAcquire();
      expect(await second.tryAcquire()).toBeUndefined();
      wait(4_001);
      expect(held?.isLost).toBe(true);
      expect(await second.tryAcquire()).toBeUndefined();
      wait(1_000);
      expect(await second.tryAcquire()).toMatchObject({ fencing: 2 });
    });

    test('a standby counts from when it began to watch, not from what the row says', async () => {
      const { newRelay, wait } = makeRivals();
      await newRelay().tryAcquire();
      wait(60_000);
      const late = newRelay();
      expect(await late.tryAcquire()).toBeUndefined();
      wait(5_000);
      expect(await late.tryAcquire()).toMatchObject({ fencing: 2 });
    });

    test('one that lost it can move neither the lease nor the checkpoint', async () => {
      const { newRelay, wait } = makeRivals();
      const [first, second] = [newRelay(), newRelay()];
      const lost = await first.tryAcquire();
      await second.tryAcquire();
      wait(5_000);
      const held = await second.tryAcquire();
      await held?.renew(at(10));
      expect(await lost?.renew(at(99))).toBe(false);
      await lost?.release(at(99));
      expect(lost?.isLost).toBe(true);
      expect(await held?.renew(undefined)).toBe(true);
      await held?.release(undefined);
      expect(await first.tryAcquire()).toMatchObject({ fencing: 3, position: at(10) });
    });

    test.each([at(3), 'start'] as const)('set back to %p under its holder, who can not undo it', async (to) => {
      const { newRelay, rewind } = makeRivals();
      const [first, second] = [newRelay(), newRelay()];
      const held = await first.tryAcquire();
      await held?.renew(at(7));
      expect(await rewind(to, 1)).toBe(true);
      expect(await held?.renew(at(8))).toBe(false);
      expect(held?.isLost).toBe(true);
      await held?.release(at(8));
      // At once, whoever asks first; and whoever had it may have it again.
      expect(await second.tryAcquire()).toMatchObject({ fencing: 3, position: to === 'start' ? undefined : to });
      expect(await first.tryAcquire()).toBeUndefined();
    });

    test('set back by who saw another holder: nothing is done', async () => {
      const { newRelay, rewind } = makeRivals();
      expect(await rewind('start', 0)).toBe(false);
      const held = await newRelay().tryAcquire();
      await held?.renew(at(7));
      expect(await rewind('start', 0)).toBe(false);
      expect(await held?.renew(at(8))).toBe(true);
      await held?.release(undefined);
      expect(await rewind(at(2), 1)).toBe(true);
      expect(await newRelay().tryAcquire()).toMatchObject({ fencing: 3, position: at(2) });
    });

    test('of two standbys that see the same silence one takes over', async () => {
      const { newRelay, wait } = makeRivals();
      await newRelay().tryAcquire();
      const standbys = [newRelay(), newRelay(), newRelay()];
      await Promise.all(standbys.map((standby) => standby.tryAcquire()));
      wait(5_000);
      const held = await Promise.all(standbys.map((standby) => standby.tryAcquire()));
      expect(held.filter((lease) => lease !== undefined)).toHaveLength(1);
    });
  });
}
