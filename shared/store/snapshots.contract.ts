import { describe, expect, test } from '@jest/globals';
import type { EventId } from '../kernel/ids.ts';
import type { Snapshot, Snapshots } from './snapshots.ts';

const at = (revision: bigint, state: unknown = { onHand: Number(revision) }, version = 1): Snapshot => ({
  revision,
  eventId: `event-${revision}` as EventId,
  version,
  state,
});

/** What every implementation of the port promises. */
export function snapshotsContract(name: string, makeSnapshots: () => Snapshots): void {
  describe(`snapshots: ${name}`, () => {
    test('what was kept comes back as it was, for its stream and name alone', async () => {
      const snapshots = makeSnapshots();
      const kept = at(7n, { onHand: 3, reservations: [['order-1', 2]] });
      await snapshots.save('stock-a', 'stock', kept);
      expect(await snapshots.load('stock-a', 'stock')).toEqual(kept);
      expect(await snapshots.load('stock-a', 'receipts')).toBeUndefined();
      expect(await snapshots.load('stock-none', 'stock')).toBeUndefined();
    });

    test('a newer one takes its place, an older one does not', async () => {
      const snapshots = makeSnapshots();
      await snapshots.save('stock-b', 'stock', at(100n));
      await snapshots.save('stock-b', 'stock', at(200n));
      await snapshots.save('stock-b', 'stock', at(150n));
      expect(await snapshots.load('stock-b', 'stock')).toEqual(at(200n));
    });

    test("another version's is replaced, however new", async () => {
      const snapshots = makeSnapshots();
      await snapshots.save('stock-c', 'stock', at(200n, {}, 1));
      await snapshots.save('stock-c', 'stock', at(100n, {}, 2));
      expect(await snapshots.load('stock-c', 'stock')).toEqual(at(100n, {}, 2));
    });
  });
}
