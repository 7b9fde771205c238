import { wantedWith } from '../broker/admin/brokerAdmin.contract.ts';
import { createInMemoryBrokerAdmin, type InMemoryBrokerAdmin } from '../broker/admin/inMemoryBrokerAdmin.ts';
import { reconcileTopology } from '../broker/admin/reconcileTopology.ts';
import type { PartitionCount } from '../broker/topology.ts';

export const nothingTold = { deleteWithMessages: [] } as const;

/** A broker with the topology `wantedWith(partitions)`. */
export async function makeAppliedBroker(partitions: PartitionCount): Promise<InMemoryBrokerAdmin> {
  const admin = createInMemoryBrokerAdmin();
  await reconcileTopology(admin, wantedWith(partitions), nothingTold);
  return admin;
}
