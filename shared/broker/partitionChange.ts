import {
  type BindingDeclaration,
  bindConsumer,
  type ConsumerTopology,
  declareFeedingQueues,
  feedingQueues,
  type PartitionCount,
  type QueueDeclaration,
} from './topology.ts';

/**
 * What a change of a consumer's partitions does to its queues, in this order:
 *
 * 1. `declare` and `bind`: from now on a message goes to its new queue, and for a moment to its old one as well.
 * 2. `unbind`: the old queues get no more of what they lost.
 * 3. `drain`: their mappings go on until they are empty. Mappings of new queues are made after that.
 * 4. `retire`: mappings, then queues, of partitions that are no more.
 *
 * Nothing is lost, since no message is without a queue at any time. Order per stream is the cursors' doing: should both
 * queues be read at once, a message that overtakes another finds the gap and reads the store, and the one that comes
 * late is a repeat. Draining first spares those reads.
 */
export interface PartitionChange {
  readonly declare: readonly QueueDeclaration[];
  readonly bind: readonly BindingDeclaration[];
  readonly unbind: readonly BindingDeclaration[];
  readonly drain: readonly string[];
  readonly retire: readonly string[];
}

const toKey = ({ exchange, queue, key }: BindingDeclaration): string => `${exchange} ${queue} ${key}`;

/** @param from as many partitions as it has now; `to` says how many it will have */
export function planPartitionChange(to: ConsumerTopology, from: PartitionCount): PartitionChange {
  const before = { ...to, partitions: from };
  const [old, wanted] = [bindConsumer(before), bindConsumer(to)];
  const [oldKeys, wantedKeys] = [new Set(old.map(toKey)), new Set(wanted.map(toKey))];
  const unbind = old.filter((binding) => !wantedKeys.has(toKey(binding)));
  const queues = feedingQueues(to);
  return {
    declare: declareFeedingQueues(to).filter(({ name }) => !feedingQueues(before).includes(name)),
    bind: wanted.filter((binding) => !oldKeys.has(toKey(binding))),
    unbind,
    drain: [...new Set(unbind.map(({ queue }) => queue))],
    retire: feedingQueues(before).filter((queue) => !queues.includes(queue)),
  };
}
