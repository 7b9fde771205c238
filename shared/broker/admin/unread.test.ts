import { describe, expect, test } from '@jest/globals';
import { makeAppliedBroker, nothingTold, wantedWith } from '../../testing/appliedBroker.ts';
import { consumers } from '../topology.ts';
import { diffTopology, reconcileTopology } from './reconcileTopology.ts';

const clean = { lines: [], problems: [], unread: [], missed: [], notes: [], drift: 0 };

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
        `consumer 'payments' is not in the topology: queue 'payments.0' and 3 more: bound for messages of ours, 7 there, read by nobody; ${remedy}`,
      ],
    });
    expect(await diffTopology(admin, wanted, nothingTold)).toEqual(report);
    expect(await admin.readState()).toBe(before);
    // Its mappings may not be gone yet.
    for (const n of [0, 1, 2, 3]) admin.depths.set(`payments.${n}`, { messages: 7, consumers: 1 });
    expect(await diffTopology(admin, wanted, nothingTold)).toMatchObject({
      unread: [],
      notes: [expect.stringMatching(/queue 'payments.0' and 3 more: .* read by 4 none of ours$/)],
      drift: 0,
    });
  });

  test('one forgotten reader hides no queue that fills', async () => {
    const admin = await makeAppliedBroker(4);
    admin.depths.set('payments.0', { messages: 0, consumers: 1 });
    admin.depths.set('payments.1', { messages: 5, consumers: 0 });
    const wanted = { ...wantedWith(4), consumers: [consumers.orderView] };
    expect(await diffTopology(admin, wanted, nothingTold)).toMatchObject({
      unread: [expect.stringMatching(/queue 'payments.1' and 2 more: .* 5 there, read by nobody/)],
      notes: [expect.stringMatching(/queue 'payments.0': .* read by 1 none of ours$/)],
      drift: 1,
    });
  });

  const dead = { 'x-dead-letter-exchange': '', 'x-dead-letter-routing-key': 'audit-dlq' };
  test.each([
    ['audit.0', {}, 'order-events', 'order.*.00'],
    ['audit.0', { 'x-dead-letter-routing-key': 'audit-failed' }, 'order-events', 'order.*.00'],
    ['audit.0', dead, 'order-events', '#'],
    ['audit.0', dead, 'retries', 'audit.*.00'],
    ['audit.retry.1000', {}, 'retries', 'audit.1000.*'],
    ['audit-dlq', {}, 'order-events', 'order.*.00'],
  ])(
    "%s with %j, bound to %s for %s, only looks like a consumer's: nobody is told to retire that",
    async (name, args, exchange, key) => {
      const admin = await makeAppliedBroker(1);
      await admin.apply({ kind: 'declare-queue', queue: { name, arguments: args } });
      await admin.apply({ kind: 'bind', binding: { exchange, queue: name, key } });
      const { unread } = await diffTopology(admin, wantedWith(1), nothingTold);
      expect(unread).toEqual([
        `queue '${name}': bound for messages of ours, 0 there, read by nobody; unbind or delete it on the broker`,
      ]);
    },
  );

  test('what an earlier version declared is known by where its dead letters go', async () => {
    const admin = await makeAppliedBroker(1);
    for (const binding of [
      { exchange: 'order-events', queue: 'audit.0', key: 'order.*.00' },
      { exchange: 'redeliveries', queue: 'audit.0', key: 'audit.*.00' },
    ]) {
      await admin.apply({
        kind: 'declare-queue',
        queue: { name: 'audit.0', arguments: { ...dead, 'x-delivery-limit': 5 } },
      });
      await admin.apply({ kind: 'bind', binding });
    }
    const { unread } = await diffTopology(admin, wantedWith(1), nothingTold);
    expect(unread).toEqual([expect.stringMatching(/--retired-consumer audit$/)]);
  });
});
