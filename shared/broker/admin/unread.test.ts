import { describe, expect, test } from '@jest/globals';
import { makeAppliedBroker, nothingTold } from '../../testing/appliedBroker.ts';
import { consumers } from '../topology.ts';
import { wantedWith } from './brokerAdmin.contract.ts';
import { diffTopology, reconcileTopology } from './reconcileTopology.ts';

const clean = { lines: [], problems: [], unread: [], notes: [], drift: 0 };

describe('what is none of ours', () => {
  test('is left alone; told when it takes part', async () => {
    const admin = await makeAppliedBroker(4);
    for (const name of ['somebody.0', 'debug']) {
      await admin.apply({ kind: 'declare-queue', queue: { name, arguments: {} } });
    }
    await admin.apply({ kind: 'bind', binding: { exchange: 'order-events', queue: 'debug', key: '#' } });
    const before = await admin.readState();
    const { lines, unread, drift } = await reconcileTopology(admin, wantedWith(4), nothingTold);
    expect({ lines, drift }).toEqual({ lines: [], drift: 1 });
    expect(unread).toEqual([
      "queue 'debug': bound for messages of ours, 0 there, read by nobody; unbind or delete it on the broker",
    ]);
    expect(await admin.readState()).toBe(before);
    admin.depths.set('debug', { messages: 0, consumers: 1 });
    const note = "queue 'debug': bound for messages of ours, read by 1 none of ours";
    expect(await diffTopology(admin, wantedWith(4), nothingTold)).toEqual({ ...clean, notes: [note] });
  });

  test('a consumer that was taken out of the topology keeps its queues', async () => {
    const admin = await makeAppliedBroker(4);
    const wanted = { ...wantedWith(4), consumers: [consumers.orderView] };
    const before = await admin.readState();
    admin.depths.set('payments.2', { messages: 7, consumers: 0 });
    const report = await reconcileTopology(admin, wanted, nothingTold);
    const remedy = 'deploy it, or if it is gone for good: npm run topology -- apply --retired-consumer payments';
    expect(report).toMatchObject({
      lines: [],
      drift: 1,
      unread: [
        `consumer 'payments' is not in the topology: queue 'payments.0' and 18 more: bound for messages of ours, 7 there, read by nobody; ${remedy}`,
      ],
    });
    expect(await diffTopology(admin, wanted, nothingTold)).toEqual(report);
    expect(await admin.readState()).toBe(before);
    // Its mapping may not be gone yet.
    admin.depths.set('payments.3', { messages: 0, consumers: 1 });
    expect(await diffTopology(admin, wanted, nothingTold)).toMatchObject({ unread: [], drift: 0 });
  });
});
