import { describe, expect, test } from '@jest/globals';
import type { Lease } from './lease.ts';
import type { RewindLease } from './rewind.ts';

interface Rivals {
  /** Another process's lease on the same row; all share the one clock. */
  newRelay(categories?: readonly string[]): Lease;
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

    test('what a relay publishes that the last did not is a backlog, kept until it is told', async () => {
      const { newRelay } = makeRivals();
      const old = await newRelay(['order']).tryAcquire();
      expect(old).toMatchObject({ position: undefined, backlog: undefined });
      await old?.release(at(7));

      const all = ['order', 'stock', 'payment'];
      const first = await newRelay(all).tryAcquire();
      const added = { categories: ['stock', 'payment'], until: at(7) };
      expect(first).toMatchObject({ position: at(7), backlog: { ...added, position: undefined } });
      expect(await first?.renew(at(9), undefined, { ...added, position: at(3) })).toBe(true);
      // One that says nothing of it leaves it where it is.
      await first?.release(at(10));

      const second = await newRelay(all).tryAcquire();
      expect(second).toMatchObject({ position: at(10), backlog: { ...added, position: at(3) } });
      await second?.release(at(11), undefined, { ...added, position: at(7), toldAt: at(11) });
      expect(await newRelay(all).tryAcquire()).toMatchObject({ position: at(11), backlog: undefined });
    });

    test('what a relay between two others did not publish is a backlog too', async () => {
      const { newRelay } = makeRivals();
      await (await newRelay(['order', 'stock']).tryAcquire())?.release(at(5));
      await (await newRelay(['order']).tryAcquire())?.release(at(8));
      expect(await newRelay(['order', 'stock']).tryAcquire()).toMatchObject({
        position: at(8),
        backlog: { categories: ['stock'], position: undefined, until: at(8) },
      });
    });

    test.each([
      ['in the middle of it', { position: at(3) }, 9, true],
      ['before all of it was told', { position: at(7), toldAt: at(20) }, 19, true],
      ['to where the checkpoint stood when all of it was told', { position: at(7), toldAt: at(20) }, 20, true],
      ['to after that', { position: at(7), toldAt: at(20) }, 21, false],
    ])('set back %s, it begins anew: %j', async (_, told, to, beginsAnew) => {
      const { newRelay, rewind } = makeRivals();
      await (await newRelay(['order']).tryAcquire())?.release(at(7));
      const backlog = { categories: ['stock'], until: at(7) };
      const held = await newRelay(['order', 'stock']).tryAcquire();
      await held?.release(at(30), undefined, { ...backlog, ...told });
      expect(await rewind(at(to), 2)).toBe(true);
      expect(await newRelay(['order', 'stock']).tryAcquire()).toMatchObject({
        position: at(to),
        backlog: beginsAnew ? { ...backlog, position: undefined } : undefined,
      });
    });

    test('set back to the start there is none: everything is published again', async () => {
      const { newRelay, rewind } = makeRivals();
      await (await newRelay(['order']).tryAcquire())?.release(at(5));
      expect((await newRelay(['order', 'stock']).tryAcquire())?.backlog).toBeDefined();
      expect(await rewind('start', 2)).toBe(true);
      expect(await newRelay(['order', 'stock']).tryAcquire()).toMatchObject({
        position: undefined,
        backlog: undefined,
      });
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
