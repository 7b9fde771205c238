import { describe, expect, test } from '@jest/globals';
import { makeAppliedBroker, nothingTold, wantedWith } from '../../testing/appliedBroker.ts';
import { diffTopology, reconcileTopology } from './reconcileTopology.ts';

const lost = 'its hints go with it: npm run ops -- relay rewind to before the oldest of them';

/** A broker on which a delay's queue has another length than wanted, and one has a delay that is no more. */
async function makeBroker() {
  const admin = await makeAppliedBroker(4);
  const [wanted, retired] = ['payments.retry.800', 'payments.retry.77'] as const;
  for (const name of [wanted, retired]) {
    await admin.apply({ kind: 'declare-queue', queue: { name, arguments: { 'x-message-ttl': 77 } } });
  }
  const queuesThere = async () => (await admin.readState()).queues.map(({ name }) => name);
  return { admin, wanted, retired, queuesThere };
}

describe('a retry queue that only looks empty, since what has expired in it has found no queue yet', () => {
  test.each([
    [5, '5 messages are on their way from it'],
    [undefined, 'the broker does not tell what is on its way from it'],
  ])('%s of them: is kept, and it is said why', async (count, reason) => {
    const { admin, wanted, retired } = await makeBroker();
    for (const name of [wanted, retired]) admin.expired.set(name, count);
    const before = await admin.readState();
    const report = await diffTopology(admin, wantedWith(4), nothingTold);
    expect(report).toMatchObject({ lines: [], drift: 2 });
    expect(report.notes.toSorted()).toEqual([
      `queue '${retired}' is retired, and ${reason}: apply again in some minutes, or --delete-with-messages ${retired}`,
      `queue '${wanted}' has other arguments, which can't be changed: apply declares it anew once it is empty and unread ` +
        `(0 messages, 0 readers, and ${reason}), or with --delete-with-messages ${wanted}`,
    ]);
    expect(await reconcileTopology(admin, wantedWith(4), nothingTold)).toMatchObject({
      notes: report.notes,
      lines: [],
    });
    expect(await admin.readState()).toEqual(before);
  });

  test('goes when told, and it is said what becomes of what it knew', async () => {
    const { admin, wanted, retired, queuesThere } = await makeBroker();
    admin.expired.set(wanted, 5);
    admin.expired.set(retired, undefined);
    const told = { deleteWithMessages: [wanted, retired] };
    const expected = [
      `- queue ${retired}: with all that is in it; ${lost}`,
      `~ queue ${wanted}: deleted with 5 messages, declared anew; ${lost}`,
    ];
    expect((await diffTopology(admin, wantedWith(4), told)).lines.toSorted()).toEqual(expected);
    const { lines } = await reconcileTopology(admin, wantedWith(4), told);
    expect(lines).toEqual(expect.arrayContaining(expected));
    expect(await queuesThere()).not.toContain(retired);
    expect(await diffTopology(admin, wantedWith(4), nothingTold)).toMatchObject({ lines: [], drift: 0 });
  });

  test('of a consumer that is no more: nobody needs what it knew', async () => {
    const { admin, retired } = await makeBroker();
    admin.expired.set(retired, 5);
    const { consumers, ...rest } = wantedWith(4);
    const wanted = {
      ...rest,
      consumers: consumers.filter(({ name }) => name !== 'payments'),
      retiredConsumers: ['payments'],
    };
    const { lines } = await reconcileTopology(admin, wanted, { deleteWithMessages: [retired] });
    expect(lines).toContain(`- queue ${retired}: with 5 messages`);
  });
});

test('what is in retry queues is counted once for all of them, when none of them gets anything any more', async () => {
  const { admin, wanted, retired, queuesThere } = await makeBroker();
  const bound: (readonly [string, readonly string[]])[] = [];
  const counted = {
    ...admin,
    countAll: async (queues: readonly string[], when: 'lately' | 'now') => {
      const { bindings } = await admin.readState();
      bound.push([when, bindings.map(({ queue }) => queue).filter((queue) => queues.includes(queue))]);
      return admin.countAll(queues, when);
    },
  };
  await reconcileTopology(counted, wantedWith(4), nothingTold);
  expect(bound).toEqual([
    ['lately', [wanted]],
    ['now', []],
  ]);
  expect(await queuesThere()).not.toContain(retired);
  expect(await diffTopology(admin, wantedWith(4), nothingTold)).toMatchObject({ lines: [], drift: 0 });
});

test('without time to count what is in them they stay', async () => {
  const { admin, wanted, retired, queuesThere } = await makeBroker();
  const { drift } = await reconcileTopology(admin, wantedWith(4), { ...nothingTold, hasTime: () => false });
  expect(drift).toBe(1);
  expect(await queuesThere()).toEqual(expect.arrayContaining([wanted, retired]));
});
