import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { nothingTold, wantedWith } from '../../testing/appliedBroker.ts';
import { consumers, declareTopology } from '../topology.ts';
import type { BrokerAdmin } from './brokerAdmin.ts';
import { diffTopology, reconcileTopology } from './reconcileTopology.ts';
import { describeUnroutedAnew } from './unrouted.contract.ts';

const clean = { lines: [], problems: [], unread: [], drift: 0 };

/**
 * What every administrator of a broker promises; `makeAdmin` gives one of a virtual host that is not there yet, `publish`
 * puts a message on its `order-events` for each routing key.
 */
export function describeBrokerAdmin(
  name: string,
  makeAdmin: () => BrokerAdmin,
  publish: (routingKeys: readonly string[]) => Promise<void>,
  removeAll: () => Promise<void>,
): void {
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
      expect(await diffTopology(admin, wantedWith(2), nothingTold)).toMatchObject({ lines, drift: 1 });
      expect(await reconcileTopology(admin, wantedWith(2), nothingTold)).toMatchObject({ lines, drift: 0 });
      expect(await diffTopology(admin, wantedWith(2), nothingTold)).toMatchObject(clean);
    });

    test('lets one at a time change things, and the next one when the first has failed', async () => {
      const broken = admin.exclusively(async () => {
        await expect(reconcileTopology(admin, wantedWith(2), nothingTold)).rejects.toMatchObject({
          code: 'broker/unavailable',
        });
        throw new TypeError('a defect');
      });
      await expect(broken).rejects.toThrow(new TypeError('a defect'));
      expect(await reconcileTopology(admin, wantedWith(2), nothingTold)).toMatchObject(clean);
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

    test('who looks at queues has the tag for it, and nobody else has any; another one is told, and put right', async () => {
      const tagsThere = async () =>
        Object.fromEntries((await admin.readState()).users.map(({ name, tags }) => [name, tags.toSorted()]));
      const ours = { 'contract-relay': [], 'contract-consumer': [], 'contract-operator': ['management'] };
      await reconcileTopology(admin, wantedWith(2), nothingTold);
      expect(await tagsThere()).toMatchObject(ours);

      const { users } = await admin.readState();
      const passwordHash = (user: string) => users.find(({ name }) => name === user)?.passwordHash ?? '';
      const password = () => 'asked by no broker that takes a hash';
      for (const [name, tags] of [
        ['contract-relay', ['administrator']],
        ['contract-consumer', ['management']],
        ['contract-operator', ['management', 'monitoring']],
      ] as const) {
        await admin.apply({ kind: 'put-user', name, passwordHash: passwordHash(name), password, tags });
      }
      expect((await reconcileTopology(admin, wantedWith(2), nothingTold)).lines).toEqual([
        '~ user contract-relay: password, no tags',
        '~ user contract-consumer: password, no tags',
        '~ user contract-operator: password, tags management',
      ]);
      expect(await tagsThere()).toMatchObject(ours);

      const none = { kind: 'put-user', passwordHash: passwordHash('contract-operator'), password, tags: [] } as const;
      await admin.apply({ ...none, name: 'contract-operator' });
      expect((await diffTopology(admin, wantedWith(2), nothingTold)).lines).toHaveLength(1);
      await reconcileTopology(admin, wantedWith(2), nothingTold);
      expect(await diffTopology(admin, wantedWith(2), nothingTold)).toMatchObject(clean);
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

    test('what was unrouted goes round again; what has no queue still comes back, until somebody lets it go', async () => {
      await publish(['stock.StockAdded.01', 'parcel.Sent.04', 'stock.StockAdded.02']);
      const { consumers: some, ...rest } = wantedWith(1);
      const wanted = { ...rest, consumers: [...some, consumers.stockView] };
      const round = '~ queue unrouted: its 3 messages go round again';
      expect((await diffTopology(admin, wanted, nothingTold)).lines).toContain(round);

      const { lines, notes } = await reconcileTopology(admin, wanted, nothingTold);
      expect(lines.at(-1)).toBe(round);
      expect(notes).toContainEqual(
        expect.stringMatching(/^queue 'unrouted': 2 of 3 found a queue; 1 are left, of 'parcel\.Sent\.04': /),
      );
      expect(await admin.readDepth('stock-view.0')).toMatchObject({ messages: 2 });
      expect(await admin.readRoutingKeys('unrouted', 10)).toEqual(['parcel.Sent.04']);

      const told = { deleteWithMessages: ['unrouted'] };
      const [again, gone] = ['~ queue unrouted: its 1 messages go round again', '- queue unrouted: 1 messages in it'];
      expect(await diffTopology(admin, wanted, nothingTold)).toMatchObject({ lines: [again], drift: 0 });
      expect((await reconcileTopology(admin, wanted, told)).lines).toEqual([again, gone]);
      expect(await admin.readDepth('unrouted')).toMatchObject({ messages: 0 });
      expect(await admin.readDepth('stock-view.0')).toMatchObject({ messages: 2 });
    });

    test('a consumer that is not there any more: its queues stay, are told, and go when it is said to be retired', async () => {
      const { unread } = await reconcileTopology(admin, wantedWith(1), nothingTold);
      expect(unread).toEqual([
        expect.stringMatching(/^consumer 'stock-view' .*, 2 there, .*--retired-consumer stock-view$/),
      ]);
      const wanted = { ...wantedWith(1), retiredConsumers: ['stock-view'] };
      await reconcileTopology(admin, wanted, { deleteWithMessages: ['stock-view.0'] });
      expect(await admin.readDepth('stock-view.0')).toBeUndefined();
      expect(await diffTopology(admin, wantedWith(1), nothingTold)).toMatchObject(clean);
    });

    describeUnroutedAnew(() => admin, publish);
  });
}
