import { describe, expect, test } from '@jest/globals';
import { consumers } from '../topology.ts';
import { wantedWith } from './brokerAdmin.contract.ts';
import { createInMemoryBrokerAdmin } from './inMemoryBrokerAdmin.ts';
import { diffTopology, reconcileTopology } from './reconcileTopology.ts';

const nothingTold = { deleteWithMessages: [] };
const clean = { lines: [], problems: [], unread: [], notes: [], drift: 0 };

/** A broker with four partitions of the consumer `payments`. */
async function makeAdmin() {
  const admin = createInMemoryBrokerAdmin();
  await reconcileTopology(admin, wantedWith(4), nothingTold);
  return admin;
}

describe('a diff', () => {
  test('changes nothing', async () => {
    const admin = await makeAdmin();
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

describe('another number of partitions', () => {
  test('binds what is new before it unbinds what is old: no message is without a queue in between', async () => {
    const admin = await makeAdmin();
    const before = admin.applied.length;
    await reconcileTopology(admin, wantedWith(3), nothingTold);
    const kinds = admin.applied.slice(before).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'bind').length).toBeGreaterThan(0);
    expect(kinds.indexOf('unbind')).toBeGreaterThan(kinds.lastIndexOf('bind'));
    expect(kinds.indexOf('delete-queue')).toBeGreaterThan(kinds.lastIndexOf('unbind'));
  });

  test('a retired queue that is still read is left to its reader, and told', async () => {
    const admin = await makeAdmin();
    admin.depths.set('payments.3', { messages: 0, consumers: 1 });
    const { notes } = await reconcileTopology(admin, wantedWith(3), nothingTold);
    expect(notes).toEqual(["queue 'payments.3' is retired and still read by 1: apply again later"]);
    expect(await admin.readDepth('payments.3')).toBeDefined();
    admin.depths.set('payments.3', { messages: 0, consumers: 0 });
    await reconcileTopology(admin, wantedWith(3), nothingTold);
    expect(await admin.readDepth('payments.3')).toBeUndefined();
  });

  test('messages in a retired queue are moved before it is deleted', async () => {
    const admin = await makeAdmin();
    admin.depths.set('payments.3', { messages: 12, consumers: 0 });
    await reconcileTopology(admin, wantedWith(3), nothingTold);
    expect(admin.applied.slice(-2)).toEqual([
      { kind: 'move-messages', queue: 'payments.3', consumer: 'payments' },
      { kind: 'delete-queue', queue: 'payments.3' },
    ]);
  });

  test('a queue that fills up again while it is emptied is kept', async () => {
    const admin = await makeAdmin();
    const stubborn = { ...admin, readDepth: async () => ({ messages: 1, consumers: 0 }) };
    const { notes } = await reconcileTopology(stubborn, wantedWith(3), nothingTold);
    expect(admin.applied.map(({ kind }) => kind)).not.toContain('delete-queue');
    expect(notes).toContain("queue 'payments.3' is retired and took 1 more messages: apply again later");
  });
});

describe('a queue that holds messages', () => {
  test('of a delay that is no more is kept until they are due, or until told', async () => {
    const admin = await makeAdmin();
    await admin.apply({ kind: 'declare-queue', queue: { name: 'payments.retry.77', arguments: {} } });
    admin.depths.set('payments.retry.77', { messages: 3, consumers: 0 });
    const { notes } = await reconcileTopology(admin, wantedWith(4), nothingTold);
    expect(notes).toEqual([expect.stringContaining("'payments.retry.77' is retired and holds 3 messages")]);
    expect(await admin.readDepth('payments.retry.77')).toBeDefined();

    await reconcileTopology(admin, wantedWith(4), { deleteWithMessages: ['payments.retry.77'] });
    expect(await admin.readDepth('payments.retry.77')).toBeUndefined();
  });

  test('and has other arguments stays as it is until told; then it is declared anew', async () => {
    const admin = await makeAdmin();
    await admin.apply({
      kind: 'declare-queue',
      queue: { name: 'payments-dlq', arguments: { 'x-queue-type': 'classic' } },
    });
    admin.depths.set('payments-dlq', { messages: 3, consumers: 0 });
    const before = await admin.readState();
    const { notes, drift } = await reconcileTopology(admin, wantedWith(4), nothingTold);
    expect(notes).toEqual([expect.stringContaining("queue 'payments-dlq' has other arguments")]);
    expect(drift).toBe(1);
    expect(await diffTopology(admin, wantedWith(4), nothingTold)).toMatchObject({ lines: [], notes, drift: 1 });
    expect(await admin.readState()).toEqual(before);

    const { lines } = await reconcileTopology(admin, wantedWith(4), { deleteWithMessages: ['payments-dlq'] });
    expect(lines).toContain('~ queue payments-dlq: deleted with 3 messages, declared anew');
    expect(await diffTopology(admin, wantedWith(4), nothingTold)).toEqual(clean);
  });
});

describe('what is none of ours', () => {
  test('is left alone; told when it takes part', async () => {
    const admin = await makeAdmin();
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
    const admin = await makeAdmin();
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

  test('said to be retired, its queues go; what they hold is deleted only when told', async () => {
    const admin = await makeAdmin();
    admin.depths.set('payments.0', { messages: 5, consumers: 0 });
    const wanted = { ...wantedWith(4), consumers: [consumers.orderView], retiredConsumers: ['payments'] };
    const { notes } = await reconcileTopology(admin, wanted, nothingTold);
    expect(notes).toEqual([expect.stringContaining("'payments.0' is retired and holds 5 messages: look at them")]);
    const left = async () =>
      (await admin.readState()).queues.map(({ name }) => name).filter((name) => /^pay/.test(name));
    expect(await left()).toEqual(['payments.0']);
    await reconcileTopology(admin, wanted, { deleteWithMessages: ['payments.0'] });
    expect(await left()).toEqual([]);
  });
});

test('a name that is no consumer to retire is told; one of the topology is refused', async () => {
  const admin = await makeAdmin();
  const retiring = (name: string) => ({ ...wantedWith(4), retiredConsumers: [name] });
  const { notes } = await reconcileTopology(admin, retiring('payment'), nothingTold);
  expect(notes).toEqual(["consumer 'payment' has no queues here"]);
  const before = await admin.readState();
  const { problems, drift } = await reconcileTopology(admin, retiring('payments'), nothingTold);
  expect(problems).toEqual(["consumer 'payments' is in the topology and can't be retired: take it out first"]);
  expect(drift).toBe(1);
  expect(await admin.readState()).toBe(before);
});

test('the administrator as a user of ours, who would have no rights then: nothing is changed', async () => {
  const admin = createInMemoryBrokerAdmin();
  const wanted = { ...wantedWith(1), credentials: { relay: { username: 'admin', password: 'x' } } };
  const { problems } = await reconcileTopology(admin, wanted, nothingTold);
  expect(problems).toEqual(["user 'admin' is the administrator and can't be the user of relay: name another"]);
  expect(admin.applied).toEqual([]);
});

test('a diff of a virtual host that the administrator may not enter looks into no queue', async () => {
  const admin = await makeAdmin();
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
  const admin = await makeAdmin();
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
