import { expect, test } from '@jest/globals';
import { makeAppliedBroker, nothingTold, wantedWith } from '../../testing/appliedBroker.ts';
import { consumers } from '../topology.ts';
import { reconcileTopology } from './reconcileTopology.ts';

test('a consumer that is said to be retired: its queues go; what they hold is deleted only when told', async () => {
  const admin = await makeAppliedBroker(4);
  admin.depths.set('payments.0', { messages: 5, consumers: 0 });
  const wanted = { ...wantedWith(4), consumers: [consumers.orderView], retiredConsumers: ['payments'] };
  const { notes } = await reconcileTopology(admin, wanted, nothingTold);
  expect(notes).toEqual([expect.stringContaining("'payments.0' is retired and holds 5 messages: look at them")]);
  const left = async () => (await admin.readState()).queues.map(({ name }) => name).filter((name) => /^pay/.test(name));
  expect(await left()).toEqual(['payments.0']);
  await reconcileTopology(admin, wanted, { deleteWithMessages: ['payments.0'] });
  expect(await left()).toEqual([]);
});

test('a name that is no consumer to retire is told; one of the topology is refused', async () => {
  const admin = await makeAppliedBroker(4);
  const retiring = (name: string) => ({ ...wantedWith(4), retiredConsumers: [name] });
  const { notes } = await reconcileTopology(admin, retiring('payment'), nothingTold);
  expect(notes).toEqual(["consumer 'payment' has no queues here"]);
  const before = await admin.readState();
  const { problems, drift } = await reconcileTopology(admin, retiring('payments'), nothingTold);
  expect(problems).toEqual(["consumer 'payments' is in the topology and can't be retired: take it out first"]);
  expect(drift).toBe(1);
  expect(await admin.readState()).toBe(before);
});
