import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { consumers, declareTopology, type PartitionCount } from '../topology.ts';
import type { BrokerAdmin } from './brokerAdmin.ts';
import type { WantedTopology } from './planTopology.ts';
import { diffTopology, reconcileTopology } from './reconcileTopology.ts';

const nothingTold = { deleteWithMessages: [] };
const clean = { lines: [], problems: [] };

/** As many partitions of one consumer as asked, and a user of each role. */
export const wantedWith = (partitions: PartitionCount): WantedTopology => ({
  consumers: [{ ...consumers.payments, partitions, hasLateQueue: false }, consumers.orderView],
  credentials: {
    relay: { username: 'contract-relay', password: 'not a secret, 1' },
    consumer: { username: 'contract-consumer', password: 'not a secret, 2' },
  },
  newSalt: () => Buffer.from([1, 2, 3, 4]),
});

/** What every administrator of a broker promises; `makeAdmin` gives one of a virtual host that is not there yet. */
export function describeBrokerAdmin(name: string, makeAdmin: () => BrokerAdmin, removeAll: () => Promise<void>): void {
  describe(`broker admin: ${name}`, () => {
    let admin: BrokerAdmin;
    beforeAll(() => {
      admin = makeAdmin();
    });
    afterAll(removeAll);

    test('brings an empty broker to the topology; then nothing differs any more', async () => {
      const first = await reconcileTopology(admin, wantedWith(2), nothingTold);
      expect(first.problems).toEqual([]);
      expect(first.lines).toContain('+ virtual host');
      expect(await diffTopology(admin, wantedWith(2), nothingTold)).toMatchObject(clean);
      const { queues, bindings, exchanges } = await admin.readState();
      const declared = declareTopology(wantedWith(2).consumers);
      expect(queues.map((queue) => queue.name).toSorted()).toEqual(
        declared.queues.map((queue) => queue.name).toSorted(),
      );
      expect(bindings).toHaveLength(declared.bindings.length);
      expect(exchanges).toHaveLength(4);
    });

    test('applied again, it changes nothing', async () => {
      expect(await reconcileTopology(admin, wantedWith(2), nothingTold)).toMatchObject(clean);
    });

    test('lets the administrator in again, who was cut off before it was let in', async () => {
      const { administrator } = await admin.readState();
      const none = { configure: '^$', write: '^$', read: '^$' };
      await admin.apply({ kind: 'permit', user: administrator, permissions: none });
      const lines = [`~ user ${administrator}: configure .* write .* read .*`];
      expect(await diffTopology(admin, wantedWith(2), nothingTold)).toMatchObject({ lines });
      expect(await reconcileTopology(admin, wantedWith(2), nothingTold)).toMatchObject({ lines });
      expect(await diffTopology(admin, wantedWith(2), nothingTold)).toMatchObject(clean);
    });

    test("tells a user's other password and other rights, and puts them right", async () => {
      const { credentials, ...rest } = wantedWith(2);
      const rotated = {
        ...rest,
        credentials: { ...credentials, relay: { username: 'contract-relay', password: 'new' } },
      };
      expect((await diffTopology(admin, rotated, nothingTold)).lines).toEqual([
        '~ user contract-relay: password, no tags',
      ]);
      await admin.apply({
        kind: 'permit',
        user: 'contract-consumer',
        permissions: { configure: '.*', write: '.*', read: '.*' },
      });
      expect((await reconcileTopology(admin, rotated, nothingTold)).lines).toHaveLength(2);
      expect(await diffTopology(admin, rotated, nothingTold)).toMatchObject(clean);
    });

    test('more partitions: new queues, and each slot bound where it belongs', async () => {
      await reconcileTopology(admin, wantedWith(4), nothingTold);
      const { bindings } = await admin.readState();
      const fed = bindings.filter(({ exchange, key }) => exchange === 'order-events' && key.startsWith('fulfilment.'));
      expect(fed).toHaveLength(16);
      expect(fed.find(({ key }) => key === 'fulfilment.*.07')?.queue).toBe('payments.3');
    });

    test('fewer partitions: queues that are empty and unread are unbound and deleted', async () => {
      const { lines } = await reconcileTopology(admin, wantedWith(1), nothingTold);
      expect(lines.filter((line) => line.startsWith('- queue '))).toEqual([
        '- queue payments.1: empty',
        '- queue payments.2: empty',
        '- queue payments.3: empty',
      ]);
      expect(await admin.readDepth('payments.3')).toBeUndefined();
      expect(await admin.readDepth('payments.0')).toEqual({ messages: 0, consumers: 0 });
      expect(await diffTopology(admin, wantedWith(1), nothingTold)).toMatchObject(clean);
    });
  });
}
