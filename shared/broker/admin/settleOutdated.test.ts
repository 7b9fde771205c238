import { describe, expect, test } from '@jest/globals';
import { Fault } from '../../kernel/fault.ts';
import { makeAppliedBroker, nothingTold, wantedWith } from '../../testing/appliedBroker.ts';
import type { BrokerChange, QueueDepth } from './brokerAdmin.ts';
import { diffTopology, reconcileTopology } from './reconcileTopology.ts';

const clean = { lines: [], problems: [], unread: [], missed: [], notes: [], drift: 0 };

describe('another number of partitions', () => {
  test('binds what is new before it unbinds what is old: no message is without a queue in between', async () => {
    const admin = await makeAppliedBroker(4);
    const before = admin.applied.length;
    await reconcileTopology(admin, wantedWith(3), nothingTold);
    const kinds = admin.applied.slice(before).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === 'bind').length).toBeGreaterThan(0);
    expect(kinds.indexOf('unbind')).toBeGreaterThan(kinds.lastIndexOf('bind'));
    expect(kinds.indexOf('delete-queue')).toBeGreaterThan(kinds.lastIndexOf('unbind'));
  });

  test('a retired queue that is still read is left to its reader, and told', async () => {
    const admin = await makeAppliedBroker(4);
    admin.depths.set('payments.3', { messages: 0, consumers: 1 });
    const { notes } = await reconcileTopology(admin, wantedWith(3), nothingTold);
    expect(notes).toEqual(["queue 'payments.3' is retired and still read by 1: apply again later"]);
    expect(await admin.readDepth('payments.3')).toBeDefined();
    admin.depths.set('payments.3', { messages: 0, consumers: 0 });
    await reconcileTopology(admin, wantedWith(3), nothingTold);
    expect(await admin.readDepth('payments.3')).toBeUndefined();
  });

  test('messages in a retired queue are moved before it is deleted', async () => {
    const admin = await makeAppliedBroker(4);
    admin.depths.set('payments.3', { messages: 12, consumers: 0 });
    await reconcileTopology(admin, wantedWith(3), nothingTold);
    expect(admin.applied.slice(-2)).toEqual([
      { kind: 'move-messages', queue: 'payments.3', consumer: 'payments' },
      { kind: 'delete-queue', queue: 'payments.3' },
    ]);
  });

  test('a queue that fills up again while it is emptied is kept', async () => {
    const admin = await makeAppliedBroker(4);
    const stubborn = { ...admin, readDepth: async () => ({ messages: 1, consumers: 0 }) };
    const { notes } = await reconcileTopology(stubborn, wantedWith(3), nothingTold);
    expect(admin.applied.map(({ kind }) => kind)).not.toContain('delete-queue');
    const note = "queue 'payments.3' is retired and took 1 more messages: apply again later";
    expect(notes).toContain(note);
    // They can be moved the next time: nobody has to lose them.
    const told = { deleteWithMessages: ['payments.3'] };
    expect((await reconcileTopology(stubborn, wantedWith(3), told)).notes).toContain(note);
    expect(admin.applied.map(({ kind }) => kind)).not.toContain('delete-queue');
  });
});

describe('a queue that holds messages', () => {
  test('of a delay that is no more is kept until they are due, or until told', async () => {
    const admin = await makeAppliedBroker(4);
    await admin.apply({ kind: 'declare-queue', queue: { name: 'payments.retry.77', arguments: {} } });
    admin.depths.set('payments.retry.77', { messages: 3, consumers: 0 });
    const { notes } = await reconcileTopology(admin, wantedWith(4), nothingTold);
    expect(notes).toEqual([expect.stringContaining("'payments.retry.77' is retired and holds 3 messages")]);
    expect(await admin.readDepth('payments.retry.77')).toBeDefined();

    await reconcileTopology(admin, wantedWith(4), { deleteWithMessages: ['payments.retry.77'] });
    expect(await admin.readDepth('payments.retry.77')).toBeUndefined();
  });

  test('and has other arguments stays as it is until told; then it is declared anew', async () => {
    const admin = await makeAppliedBroker(4);
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

test('a feeding queue that is declared anew: it is said that its consumer misses what comes meanwhile', async () => {
  const admin = await makeAppliedBroker(4);
  await admin.apply({ kind: 'declare-queue', queue: { name: 'payments.0', arguments: {} } });
  const told = { deleteWithMessages: ['payments.0'] };
  const { lines } = await diffTopology(admin, wantedWith(4), told);
  expect(lines).toEqual([
    '~ queue payments.0: empty, declared anew; its consumer is not told of what comes meanwhile: ' +
      'npm run ops -- relay rewind to before that',
  ]);
  expect((await reconcileTopology(admin, wantedWith(4), told)).lines).toContain(lines[0]);
});

describe('a wanted queue with other arguments', () => {
  const other = { 'x-queue-type': 'classic' };
  /** A broker on which this queue has them, and as many messages and readers. */
  const makeOther = async (queue: string, depth: QueueDepth = { messages: 0, consumers: 0 }) => {
    const admin = await makeAppliedBroker(4);
    await admin.apply({ kind: 'declare-queue', queue: { name: queue, arguments: other } });
    admin.depths.set(queue, depth);
    const argumentsThere = async () => (await admin.readState()).queues.find(({ name }) => name === queue)?.arguments;
    return { admin, argumentsThere };
  };

  test.each(['unrouted', 'payments.retry.1000', 'payments-dlq'])(
    '%s is declared anew when it is empty and unread',
    async (queue) => {
      const { admin, argumentsThere } = await makeOther(queue);
      const { lines, drift } = await diffTopology(admin, wantedWith(4), nothingTold);
      expect({ lines, drift }).toEqual({
        lines: [expect.stringMatching(`^~ queue ${queue}: .*declared anew$`)],
        drift: 1,
      });
      const before = admin.applied.length;
      expect(await reconcileTopology(admin, wantedWith(4), nothingTold)).toMatchObject({ notes: [], drift: 0 });
      // Bound again at once, so that what it takes is refused for a moment alone.
      const kinds = admin.applied.slice(before).map(({ kind }) => kind);
      const bound = queue === 'payments-dlq' ? [] : ['bind'];
      expect(kinds).toEqual([...bound.map(() => 'unbind'), 'delete-queue', 'declare-queue', ...bound]);
      expect(await argumentsThere()).not.toEqual(other);
      expect(await diffTopology(admin, wantedWith(4), nothingTold)).toEqual(clean);
    },
  );

  test.each([
    ['unrouted', { messages: 0, consumers: 1 }, '(0 messages, 1 readers)'],
    ['payments-dlq', { messages: 0, consumers: 1 }, '(0 messages, 1 readers)'],
    ['payments-dlq', { messages: 2, consumers: 0 }, '(2 messages, 0 readers)'],
    // Messages go to the other consumers while it is missing.
    ['payments.0', { messages: 0, consumers: 0 }, 'relay rewind'],
  ])('%s with %j stays, and it is said why', async (queue, depth, reason) => {
    const { admin, argumentsThere } = await makeOther(queue, depth);
    const { notes, drift } = await reconcileTopology(admin, wantedWith(4), nothingTold);
    expect({ notes, drift }).toEqual({ notes: [expect.stringContaining(reason)], drift: 1 });
    expect(await argumentsThere()).toEqual(other);
  });

  test('that gets a message just before it is unbound is bound again, and stays', async () => {
    for (const queue of ['payments.retry.800', 'unrouted']) {
      const { admin, argumentsThere } = await makeOther(queue);
      const before = await admin.readState();
      const late = {
        ...admin,
        apply: async (change: BrokerChange) => {
          if (change.kind === 'unbind' && change.binding.queue === queue) {
            if (queue === 'unrouted') admin.publish('stock.A.01');
            else admin.depths.set(queue, { messages: 1, consumers: 0 });
          }
          await admin.apply(change);
        },
      };
      const { notes, drift, lines } = await reconcileTopology(late, wantedWith(4), nothingTold);
      expect({ notes, drift, lines }).toEqual({
        notes: [expect.stringContaining('(1 messages, 0 readers)')],
        drift: 1,
        lines: [],
      });
      expect(await argumentsThere()).toEqual(other);
      expect(new Set((await admin.readState()).bindings)).toEqual(new Set(before.bindings));
    }
  });

  test('of unrouted, what could not be sent round is not deleted, told or not', async () => {
    const { admin, argumentsThere } = await makeOther('unrouted');
    admin.publish('stock.A.01');
    const noTime = { deleteWithMessages: ['unrouted'], hasTime: () => false };
    expect(await reconcileTopology(admin, wantedWith(4), noTime)).toMatchObject({ drift: 1 });
    expect(await admin.readRoutingKeys('unrouted', 9)).toEqual(['stock.A.01']);
    await reconcileTopology(admin, wantedWith(4), { deleteWithMessages: ['unrouted'] });
    expect(await argumentsThere()).not.toEqual(other);
  });
});

test('where nobody can tell whether a retry queue is empty, it is bound as it was', async () => {
  const admin = await makeAppliedBroker(4);
  const [queue = ''] = (await admin.readState()).queues.flatMap(({ name }) => (name.includes('.retry.') ? [name] : []));
  await admin.apply({ kind: 'declare-queue', queue: { name: queue, arguments: { old: true } } });
  const bindings = async () => (await admin.readState()).bindings.filter((binding) => binding.queue === queue).length;
  const before = await bindings();
  const { countAll } = admin;
  admin.countAll = async (queues, when) => {
    if (when === 'now') throw new Fault('broker/unavailable', 'no answer');
    return countAll(queues, when);
  };
  await expect(reconcileTopology(admin, wantedWith(4), nothingTold)).rejects.toThrow('no answer');
  expect(before).toBeGreaterThan(0);
  expect(await bindings()).toBe(before);
});
