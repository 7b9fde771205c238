import { expect, test } from '@jest/globals';
import { wantedWith } from '../../testing/appliedBroker.ts';
import { describeBrokerAdmin } from './brokerAdmin.contract.ts';
import { createInMemoryBrokerAdmin } from './inMemoryBrokerAdmin.ts';
import { reconcileTopology } from './reconcileTopology.ts';

const admin = createInMemoryBrokerAdmin();

describeBrokerAdmin(
  'in memory',
  () => admin,
  async (keys) => keys.forEach(admin.publish),
  async () => undefined,
);

test('a queue that is deleted takes its messages with it, and moves look at the queue and the exchange that are named', async () => {
  const broker = createInMemoryBrokerAdmin();
  await reconcileTopology(broker, wantedWith(1), { deleteWithMessages: [] });
  broker.depths.set('payments-dlq', { messages: 5, consumers: 0 });
  broker.publish('stock.A.01');

  expect(await broker.readRoutingKeys('unrouted', 9)).toEqual(['stock.A.01']);
  await expect(broker.readRoutingKeys('payments-dlq', 9)).rejects.toThrow("in 'payments-dlq'");

  const elsewhere = { queue: 'unrouted', exchange: 'redeliveries', count: 1, round: 'r' } as const;
  await expect(broker.move({ kind: 'publish-again', ...elsewhere })).rejects.toMatchObject({
    code: 'broker/unavailable',
  });
  expect(await broker.readDepth('unrouted')).toMatchObject({ messages: 1 });

  const unrouted = (await broker.readState()).queues.find(({ name }) => name === 'unrouted');
  await broker.apply({ kind: 'delete-queue', queue: 'unrouted' });
  broker.publish('stock.B.02');
  if (unrouted) await broker.apply({ kind: 'declare-queue', queue: unrouted });
  expect(await broker.readDepth('unrouted')).toMatchObject({ messages: 0 });
});
