import { describe, expect, test } from '@jest/globals';
import { makeAppliedBroker, nothingTold, wantedWith } from '../../testing/appliedBroker.ts';
import { createInMemoryBrokerAdmin } from './inMemoryBrokerAdmin.ts';
import { diffTopology, reconcileTopology } from './reconcileTopology.ts';

describe('a diff', () => {
  test('changes nothing', async () => {
    const admin = await makeAppliedBroker(4);
    const before = await admin.readState();
    const { lines } = await diffTopology(admin, wantedWith(1), nothingTold);
    expect(lines).toContain('- queue payments.3: empty');
    expect(await admin.readState()).toBe(before);
  });

  test('shows no password and no hash', async () => {
    const text = JSON.stringify(await diffTopology(createInMemoryBrokerAdmin(), wantedWith(1), nothingTold));
    expect(text).toContain('contract-relay');
    expect(text).not.toContain('not a secret');
    expect(text).not.toMatch(/AQIDB/);
  });
});

test('the administrator as a user of ours, who would have no rights then: nothing is changed', async () => {
  const admin = createInMemoryBrokerAdmin();
  const wanted = { ...wantedWith(1), credentials: { relay: { username: 'admin', password: 'x' } } };
  const { problems } = await reconcileTopology(admin, wanted, nothingTold);
  expect(problems).toEqual(["user 'admin' is the administrator and can't be the user of relay: name another"]);
  expect(admin.applied).toEqual([]);
});

test('a diff of a virtual host that the administrator may not enter looks into no queue', async () => {
  const admin = await makeAppliedBroker(4);
  const none = { configure: '', write: '', read: '' };
  await admin.apply({ kind: 'permit', user: 'admin', permissions: none });
  const shut = { ...admin, readDepth: () => Promise.reject(new Error('access refused')) };
  const { lines } = await diffTopology(shut, wantedWith(3), nothingTold);
  expect(lines).toContain('~ user admin: configure .* write .* read .*');
});

test('what somebody else did before it was its turn is not done again', async () => {
  const admin = createInMemoryBrokerAdmin();
  const late = {
    ...admin,
    exclusively: async <Result>(work: () => Promise<Result>) => {
      await reconcileTopology(admin, wantedWith(2), nothingTold);
      return admin.exclusively(work);
    },
  };
  const { lines } = await reconcileTopology(late, wantedWith(2), nothingTold);
  expect(lines).toEqual(['+ virtual host', '~ user admin: configure .* write .* read .*']);
});

test.each([
  ['waybill-queues', 'all', 1],
  ['theirs', 'all', 0],
])('a policy %s for %s has %d lines: it is told, and put right when it is ours', async (name, applyTo, count) => {
  const admin = await makeAppliedBroker(4);
  const state = await admin.readState();
  const policy = { name, pattern: '.*', priority: 99, applyTo, definition: { 'ha-sync-mode': true } };
  const others = state.policies.filter((it) => it.name !== name);
  const changed = createInMemoryBrokerAdmin({ ...state, policies: [...others, policy] });
  const { lines, notes } = await reconcileTopology(changed, wantedWith(4), nothingTold);
  expect(lines).toHaveLength(count);
  expect(notes).toHaveLength(1 - count);
});

test('an exchange of another kind: nothing at all is changed, and it is said what to do', async () => {
  const admin = createInMemoryBrokerAdmin({
    hasVirtualHost: true,
    exchanges: [{ name: 'order-events', type: 'fanout', arguments: {} }],
  });
  const { problems, lines } = await reconcileTopology(admin, wantedWith(1), nothingTold);
  expect(lines).toEqual([]);
  expect(problems).toEqual([
    expect.stringMatching(/^exchange 'order-events' is fanout .*, expected topic .*: .*delete it/),
  ]);
  expect(admin.applied).toEqual([]);
});

test.each([
  ['3.10.8', 1],
  ['4.2.1', 1],
  ['4.3.0', 2],
  ['5.0.0', 2],
])('a broker %s gets %d policies: it refuses those that it does not know', async (version, count) => {
  const admin = createInMemoryBrokerAdmin({ version });
  await reconcileTopology(admin, wantedWith(1), nothingTold);
  expect((await admin.readState()).policies).toHaveLength(count);
});
