import { policiesFor } from '../broker/admin/brokerPolicies.ts';
import { planTopology } from '../broker/admin/planTopology.ts';
import { type ConsumerTopology, declareTopology, type PartitionCount } from '../broker/topology.ts';

const version = '4.2.1';

/** What the deploy step plans for a broker that has everything for `from` partitions of this one consumer. */
export function planPartitions(consumer: ConsumerTopology, from: PartitionCount, to: PartitionCount) {
  const there = declareTopology([{ ...consumer, partitions: from }]);
  const state = {
    ...there,
    version,
    administrator: 'admin',
    hasVirtualHost: true,
    users: [],
    policies: policiesFor(version),
  };
  const wanted = { consumers: [{ ...consumer, partitions: to }], credentials: {}, newSalt: () => Buffer.alloc(4) };
  const { changes, outdated } = planTopology(wanted, state);
  return {
    changes,
    declared: changes.flatMap((change) => (change.kind === 'declare-queue' ? [change.queue.name] : [])),
    /** Queues that lose slots. */
    drained: [...new Set(changes.flatMap((change) => (change.kind === 'unbind' ? [change.binding.queue] : [])))],
    retired: outdated.map(({ name }) => name),
  };
}
