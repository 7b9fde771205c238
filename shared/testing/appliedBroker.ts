import { createInMemoryBrokerAdmin, type InMemoryBrokerAdmin } from '../broker/admin/inMemoryBrokerAdmin.ts';
import type { WantedTopology } from '../broker/admin/planTopology.ts';
import { reconcileTopology } from '../broker/admin/reconcileTopology.ts';
import { consumers, type PartitionCount } from '../broker/topology.ts';

/** As many partitions of one consumer as asked, and a user of each role. */
export const wantedWith = (partitions: PartitionCount): WantedTopology => ({
  consumers: [{ ...consumers.payments, partitions, hasLateQueue: false }, consumers.orderView],
  credentials: {
    relay: { username: 'contract-relay', password: 'not a secret, 1' },
    consumer: { username: 'contract-consumer', password: 'not a secret, 2' },
    operator: { username: 'contract-operator', password: 'not a secret, 3' },
  },
  newSalt: () => Buffer.from([1, 2, 3, 4]),
});

export const nothingTold = { deleteWithMessages: [] } as const;

/** A broker with the topology `wantedWith(partitions)`. */
export async function makeAppliedBroker(partitions: PartitionCount): Promise<InMemoryBrokerAdmin> {
  const admin = createInMemoryBrokerAdmin();
  await reconcileTopology(admin, wantedWith(partitions), nothingTold);
  return admin;
}
