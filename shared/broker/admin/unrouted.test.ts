import { describe, expect, test } from '@jest/globals';
import { Fault } from '../../kernel/fault.ts';
import { wantedWith } from '../../testing/appliedBroker.ts';
import { declareTopology } from '../topology.ts';
import type { BrokerAdmin, BrokerChange, MessageMove } from './brokerAdmin.ts';
import { createInMemoryBrokerAdmin } from './inMemoryBrokerAdmin.ts';
import { diffTopology, reconcileTopology } from './reconcileTopology.ts';

const wantedUnrouted = declareTopology([]).queues[0]?.arguments ?? {};
const nothingTold = { deleteWithMessages: [] };

/** A broker as wanted, with messages of these routing keys in `unrouted`. */
async function makeAdmin(keys: readonly string[]) {
  const admin = createInMemoryBrokerAdmin();
  await reconcileTopology(admin, wantedWith(1), nothingTold);
  for (const key of keys) admin.publish(key);
  return admin;
}
/** These came when nothing was bound. */
async function makeMissed(keys: readonly string[]) {
  const admin = createInMemoryBrokerAdmin();
  await admin.apply({ kind: 'declare-queue', queue: { name: 'unrouted', arguments: wantedUnrouted } });
  for (const key of keys) admin.publish(key);
  return admin;
}
const kindsOf = (changes: readonly (BrokerChange | MessageMove)[]) => changes.map(({ kind }) => kind);

describe('what lies in unrouted', () => {
  test('goes round after everything is bound', async () => {
    const admin = await makeMissed(['fulfilment.Started.07']);
    await reconcileTopology(admin, wantedWith(1), { deleteWithMessages: [] });
    const kinds = kindsOf(admin.applied);
    expect(kinds.indexOf('publish-again')).toBeGreaterThan(kinds.lastIndexOf('bind'));
    expect(await admin.readDepth('payments.0')).toMatchObject({ messages: 1 });
  });

  test('is told by a diff, and left', async () => {
    const admin = await makeAdmin(['stock.A.01', 'stock.B.01']);
    const { lines } = await diffTopology(admin, wantedWith(1), { deleteWithMessages: ['unrouted'] });
    expect(lines).toEqual([
      '~ queue unrouted: its 2 messages go round again',
      '- queue unrouted: what no queue takes then',
    ]);
    expect(await admin.readRoutingKeys('unrouted', 9)).toEqual(['stock.A.01', 'stock.B.01']);
  });

  test('goes round once: what comes back is told with some of its keys', async () => {
    const admin = await makeAdmin(['stock.A.01', 'stock.B.02', 'stock.A.01', 'parcel.C.03', 'x']);
    const before = admin.applied.length;
    const { notes } = await reconcileTopology(admin, wantedWith(1), nothingTold);
    expect(kindsOf(admin.applied.slice(before))).toEqual(['publish-again']);
    expect(notes).toEqual([
      "queue 'unrouted': none of 5 found a queue; 5 are left, of 'stock.A.01', 'stock.B.02', 'parcel.C.03' and others: " +
        'deploy who follows them, or --delete-with-messages unrouted',
    ]);
  });

  test('is more than fits into one go: the rest waits for the next, and it is said how many found a queue', async () => {
    const admin = await makeAdmin(['stock.A.01', 'stock.B.02', 'stock.C.03']);
    const apply = () => reconcileTopology(admin, wantedWith(1), { ...nothingTold, roundSize: 2 });
    const { lines, notes } = await apply();
    expect(lines).toEqual(['~ queue unrouted: its 2 messages go round again']);
    const remedy = 'apply again, or with --delete-with-messages unrouted, which sends all of them round';
    expect(notes).toEqual([`queue 'unrouted': none of 2 found a queue, 1 have not been round yet: ${remedy}`]);

    // The next is one that came when its queue was not bound, and one that has been round before.
    const missed = await makeMissed(['order.A.01', 'stock.B.02', 'stock.C.03']);
    const { notes: found } = await reconcileTopology(missed, wantedWith(1), { ...nothingTold, roundSize: 2 });
    expect(found).toEqual([`queue 'unrouted': 1 of 2 found a queue, 1 have not been round yet: ${remedy}`]);
    expect(await missed.readRoutingKeys('unrouted', 9)).toEqual(['stock.C.03', 'stock.B.02']);
  });

  test.each([10_000, 10_001])(
    '%d messages that no queue takes are all deleted when told, those of a queue are not',
    async (count) => {
      const admin = await makeMissed([...Array.from({ length: count - 1 }, () => 'stock.A.01'), 'order.B.02']);
      const { lines, notes } = await reconcileTopology(admin, wantedWith(1), { deleteWithMessages: ['unrouted'] });
      expect({ lines: lines.slice(-2), notes }).toEqual({
        lines: [
          `~ queue unrouted: its ${count} messages go round again`,
          `- queue unrouted: ${count - 1} messages in it`,
        ],
        notes: [],
      });
      expect(await admin.readDepth('unrouted')).toMatchObject({ messages: 0 });
      expect(await admin.readDepth('order-view.0')).toMatchObject({ messages: 1 });
    },
  );

  test('is not deleted before all of it has been round: what is over time waits', async () => {
    const admin = await makeAdmin(['stock.A.01', 'stock.B.02', 'stock.C.03']);
    const timeFor = (count: number) => {
      let asked = 0;
      return { deleteWithMessages: ['unrouted'], hasTime: () => ++asked <= count };
    };
    const { lines, notes } = await reconcileTopology(admin, wantedWith(1), timeFor(2));
    expect(lines).toEqual(['~ queue unrouted: its 2 messages go round again']);
    expect(notes).toEqual([
      "queue 'unrouted': none of 2 found a queue, 1 have not been round yet; nothing is deleted until all have been round: " +
        'time was over; apply again, from where there is more: without --function',
    ]);
    expect(await admin.readDepth('unrouted')).toMatchObject({ messages: 3 });
    const { notes: later } = await reconcileTopology(admin, wantedWith(1), timeFor(4));
    expect(later).toEqual([expect.stringMatching(/^queue 'unrouted' holds 2 more: time was over/)]);
  });

  test.each([0, 1])(
    'that was under way before its queue was bound is not deleted, though it comes when move %d begins',
    async (n) => {
      const admin = await makeMissed(['stock.A.01', 'stock.B.02']);
      let moves = 0;
      const move: BrokerAdmin['move'] = async (change, hasTime) => {
        if (moves++ === n) {
          const binding = { exchange: 'order-events', queue: 'order-view.0', key: 'order.*.03' };
          await admin.apply({ kind: 'unbind', binding });
          admin.publish('order.C.03');
          await admin.apply({ kind: 'bind', binding });
        }
        return admin.move(change, hasTime);
      };
      const { lines, notes } = await reconcileTopology({ ...admin, move }, wantedWith(1), {
        deleteWithMessages: ['unrouted'],
      });
      expect(lines.at(-1)).toBe('- queue unrouted: 2 messages in it');
      expect(notes).toEqual([]);
      expect(await admin.readDepth('unrouted')).toMatchObject({ messages: 0 });
      expect(await admin.readDepth('order-view.0')).toMatchObject({ messages: 1 });
    },
  );

  test('is looked through to an end while others come all the time: these wait for the next apply', async () => {
    const admin = await makeAdmin(['stock.A.01']);
    const move: BrokerAdmin['move'] = async (...args) => {
      admin.publish('stock.B.02');
      return admin.move(...args);
    };
    const options = { deleteWithMessages: ['unrouted'] };
    const { notes } = await reconcileTopology({ ...admin, move }, wantedWith(1), options);
    expect(notes).toEqual([
      expect.stringMatching(/^queue 'unrouted' holds \d more, which came meanwhile: apply again$/),
    ]);
  });

  test('stays there when the broker fails meanwhile, which fails nothing else; a defect does', async () => {
    const admin = await makeAdmin(['stock.A.01']);
    const failing = (error: Error) => ({ ...admin, move: () => Promise.reject(error) });
    const fault = new Fault('broker/unavailable', 'the broker takes nothing: low on memory');
    expect(await reconcileTopology(failing(fault), wantedWith(1), nothingTold)).toMatchObject({
      lines: [],
      problems: [],
      notes: ["queue 'unrouted' could not be emptied: the broker takes nothing: low on memory; apply again"],
    });
    await expect(reconcileTopology(failing(new TypeError('x')), wantedWith(1), nothingTold)).rejects.toThrow(TypeError);
  });
});
