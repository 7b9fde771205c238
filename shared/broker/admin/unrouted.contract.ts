import { expect, test } from '@jest/globals';
import { nothingTold, wantedWith } from '../../testing/appliedBroker.ts';
import { declareTopology } from '../topology.ts';
import type { BrokerAdmin } from './brokerAdmin.ts';
import { diffTopology, reconcileTopology } from './reconcileTopology.ts';

/** A part of brokerAdmin.contract.ts, of a broker with the topology `wantedWith(1)`. */
export function describeUnroutedAnew(
  getAdmin: () => BrokerAdmin,
  publish: (routingKeys: readonly string[]) => Promise<void>,
): void {
  test('unrouted with other arguments: what a queue takes goes there first, and an empty one is declared anew', async () => {
    const admin = getAdmin();
    const { name, arguments: args } = declareTopology([]).queues[0] ?? { name: '', arguments: {} };
    const declareOther = async () => {
      await admin.apply({ kind: 'delete-queue', queue: name });
      await admin.apply({ kind: 'declare-queue', queue: { name, arguments: { 'x-queue-type': 'quorum' } } });
      await admin.apply({ kind: 'bind', binding: { exchange: 'unrouted', queue: name, key: '' } });
    };
    const argumentsThere = async () => (await admin.readState()).queues.find((it) => it.name === name)?.arguments;
    const binding = { exchange: 'order-events', queue: 'order-view.0', key: 'order.*.07' };
    const publishMissed = async (keys: readonly string[]) => {
      await admin.apply({ kind: 'unbind', binding });
      await publish(keys);
    };

    await declareOther();
    expect((await diffTopology(admin, wantedWith(1), nothingTold)).lines).toEqual(['~ queue unrouted: declared anew']);
    await publishMissed(['order.OrderCreated.07']);
    expect((await reconcileTopology(admin, wantedWith(1), nothingTold)).drift).toBe(0);
    expect(await argumentsThere()).toEqual(args);
    expect(await admin.readDepth('order-view.0')).toMatchObject({ messages: 1 });

    await declareOther();
    await publishMissed(['order.OrderCreated.07', 'parcel.Sent.04']);
    const { drift, notes } = await reconcileTopology(admin, wantedWith(1), nothingTold);
    expect(drift).toBe(1);
    expect(notes).toContainEqual(
      expect.stringMatching(/^queue 'unrouted' has other arguments, .* \(1 messages, 0 readers\)/),
    );
    expect(await admin.readDepth('order-view.0')).toMatchObject({ messages: 2 });

    await admin.apply({ kind: 'unbind', binding });
    await publish(['order.OrderCreated.07']);
    await reconcileTopology(admin, wantedWith(1), { deleteWithMessages: ['unrouted'] });
    expect(await argumentsThere()).toEqual(args);
    expect(await admin.readDepth('order-view.0')).toMatchObject({ messages: 3 });
    expect(await diffTopology(admin, wantedWith(1), nothingTold)).toMatchObject({ lines: [], drift: 0 });
  });
}
