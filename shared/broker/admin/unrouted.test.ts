import { describe, expect, test } from '@jest/globals';
import { Fault } from '../../kernel/fault.ts';
import { wantedWith } from './brokerAdmin.contract.ts';
import type { BrokerChange, MessageMove } from './brokerAdmin.ts';
import { createInMemoryBrokerAdmin } from './inMemoryBrokerAdmin.ts';
import { diffTopology, reconcileTopology } from './reconcileTopology.ts';

const nothingTold = { deleteWithMessages: [] };

/** A broker as wanted, with messages of these routing keys in `unrouted`. */
async function makeAdmin(keys: readonly string[]) {
  const admin = createInMemoryBrokerAdmin();
  await reconcileTopology(admin, wantedWith(1), nothingTold);
  for (const key of keys) admin.publish(key);
  return admin;
}
const kindsOf = (changes: readonly (BrokerChange | MessageMove)[]) => changes.map(({ kind }) => kind);

describe('what lies in unrouted', () => {
  test('goes round after everything is bound', async () => {
    const admin = createInMemoryBrokerAdmin();
    await admin.apply({ kind: 'declare-queue', queue: { name: 'unrouted', arguments: {} } });
    admin.publish('fulfilment.Started.07');
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
      "queue 'unrouted' holds 5 messages that no queue takes, of 'stock.A.01', 'stock.B.02', 'parcel.C.03' and others: " +
        'deploy who follows them, or --delete-with-messages unrouted',
    ]);
  });

  test('is more than fits into one go: the rest waits for the next, and none of it is deleted', async () => {
    const admin = await makeAdmin([...Array.from({ length: 10_000 }, () => 'stock.A.01'), 'stock.B.02']);
    const { lines, notes } = await reconcileTopology(admin, wantedWith(1), { deleteWithMessages: ['unrouted'] });
    expect(lines).toEqual(['~ queue unrouted: its 10000 messages go round again']);
    expect(notes).toEqual(["queue 'unrouted' holds 10001 more: apply again"]);
    expect(await admin.readDepth('unrouted')).toMatchObject({ messages: 10_001 });
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
