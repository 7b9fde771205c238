import { describe, expect, test } from '@jest/globals';
import { consumers } from '../topology.ts';
import { wantedWith } from './brokerAdmin.contract.ts';
import { createInMemoryBrokerAdmin } from './inMemoryBrokerAdmin.ts';
import { diffTopology, reconcileTopology } from './reconcileTopology.ts';

const nothingTold = { deleteWithMessages: [] };

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
    const { notes } = await reconcileTopology(admin, wantedWith(4), nothingTold);
    expect(notes).toEqual([expect.stringContaining("queue 'payments-dlq' has other arguments")]);
    expect(await admin.readState()).toEqual(before);

    const { lines } = await reconcileTopology(admin, wantedWith(4), { deleteWithMessages: ['payments-dlq'] });
    expect(lines).toContain('~ queue payments-dlq: deleted with 3 messages, declared anew');
    expect(await diffTopology(admin, wantedWith(4), nothingTold)).toEqual({ lines: [], problems: [], notes: [] });
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
    const { lines, notes } = await reconcileTopology(admin, wantedWith(4), nothingTold);
    expect(lines).toEqual([]);
    expect(notes).toEqual(["queue 'debug' gets messages of ours and no consumer of ours reads it"]);
    expect(await admin.readState()).toBe(before);
  });

  test('a consumer that was taken out of the topology keeps its queues', async () => {
    const admin = await makeAdmin();
    const wanted = { ...wantedWith(4), consumers: [consumers.orderView] };
    const { lines, notes } = await reconcileTopology(admin, wanted, nothingTold);
    expect(lines).toEqual([]);
    expect(notes).toContain("queue 'payments.0' gets messages of ours and no consumer of ours reads it");
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
