import { describe, expect, test } from '@jest/globals';
import { makeAppliedBroker, nothingTold, wantedWith } from '../../testing/appliedBroker.ts';
import { consumers } from '../topology.ts';
import { createInMemoryBrokerAdmin } from './inMemoryBrokerAdmin.ts';
import { diffTopology, reconcileTopology } from './reconcileTopology.ts';

const remedy =
  'until now, and is not told of what came meanwhile: once it is bound, npm run ops -- relay rewind to before that';
const first =
  "consumer 'greetings' has its first queues here, and hears of a stream that it has missed at its next event only: " +
  'npm run ops -- relay rewind to where it starts (docs/operations.md, Add a consumer)';
const greetings = { name: 'greetings', categories: ['order'], partitions: 1, hasLateQueue: false } as const;
const withGreetings = { ...wantedWith(4), consumers: [...wantedWith(4).consumers, greetings] };

describe('events that a consumer is not told of, since others took them', () => {
  test('while its queue was gone: told by a diff, and by the apply that declares it anew', async () => {
    const admin = await makeAppliedBroker(1);
    const { consumers: some, ...rest } = wantedWith(1);
    const wanted = { ...rest, consumers: [...some, consumers.inventory] };
    await reconcileTopology(admin, wanted, nothingTold);
    await admin.apply({ kind: 'delete-queue', queue: 'inventory.0' });
    admin.publish('fulfilment.StockReservationRequested.05');
    expect(await admin.readDepth('unrouted')).toMatchObject({ messages: 0 });

    const missed = [`consumer 'inventory' was without a queue for fulfilment ${remedy}`];
    expect(await diffTopology(admin, wanted, nothingTold)).toMatchObject({ missed, drift: 33 });
    expect(await reconcileTopology(admin, wanted, nothingTold)).toMatchObject({ missed, drift: 0 });
    expect(await reconcileTopology(admin, wanted, nothingTold)).toMatchObject({ missed: [], lines: [] });
  });

  test('while some of its slots were not bound', async () => {
    const admin = await makeAppliedBroker(4);
    for (const slot of ['03', '07']) {
      const binding = { exchange: 'order-events', queue: 'payments.3', key: `fulfilment.*.${slot}` };
      await admin.apply({ kind: 'unbind', binding });
    }
    expect(await reconcileTopology(admin, wantedWith(4), nothingTold)).toMatchObject({
      missed: [`consumer 'payments' was without a queue for fulfilment (slots 03, 07) ${remedy}`],
    });
  });

  test('before it followed their category', async () => {
    const admin = await makeAppliedBroker(1);
    const [payments, orderView] = wantedWith(1).consumers;
    if (!payments || !orderView) throw new Error('nobody there');
    const wanted = { ...wantedWith(1), consumers: [{ ...payments, categories: ['fulfilment', 'order'] }, orderView] };
    expect(await reconcileTopology(admin, wanted, nothingTold)).toMatchObject({
      missed: [expect.stringMatching(/^consumer 'payments' was without a queue for order until now, /)],
    });
  });

  test('before it was there: it reads as what to do', async () => {
    const admin = await makeAppliedBroker(4);
    admin.publish('order.OrderCreated.05');
    expect(await reconcileTopology(admin, withGreetings, nothingTold)).toMatchObject({ missed: [first], drift: 0 });
  });

  test('are told before anything is bound: whoever is cut off afterwards finds nothing missing', async () => {
    const admin = await makeAppliedBroker(4);
    const told: string[] = [];
    const failing = { ...admin, apply: () => Promise.reject(new Error(`cut off, told ${told.length}`)) };
    const options = { ...nothingTold, onMissed: (missed: readonly string[]) => void told.push(...missed) };
    await expect(reconcileTopology(failing, withGreetings, options)).rejects.toThrow('cut off, told 1');
    expect(told).toEqual([first]);
  });
});

describe('nobody is said to have missed anything', () => {
  test('on a broker that has nothing yet', async () => {
    const admin = createInMemoryBrokerAdmin();
    expect(await diffTopology(admin, wantedWith(4), nothingTold)).toMatchObject({ missed: [] });
    expect(await reconcileTopology(admin, wantedWith(4), nothingTold)).toMatchObject({ missed: [] });
  });

  test.each([1, 3, 16] as const)(
    'when 4 partitions become %d: another queue of it had the slot',
    async (partitions) => {
      const admin = await makeAppliedBroker(4);
      expect(await reconcileTopology(admin, wantedWith(partitions), nothingTold)).toMatchObject({ missed: [] });
    },
  );

  test('when its queue for retries is gone: what is to come back waits for it', async () => {
    const admin = await makeAppliedBroker(4);
    for (const queue of ['payments.retry.800', 'payments-dlq']) await admin.apply({ kind: 'delete-queue', queue });
    await admin.apply({
      kind: 'unbind',
      binding: { exchange: 'redeliveries', queue: 'payments.3', key: 'payments.*.07' },
    });
    expect(await reconcileTopology(admin, wantedWith(4), nothingTold)).toMatchObject({ missed: [] });
  });
});
