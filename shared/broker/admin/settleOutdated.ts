import { declareTopology } from '../topology.ts';
import { applyAll } from './applyAll.ts';
import type { BrokerAdmin, BrokerChange, HasTime } from './brokerAdmin.ts';
import { foresee } from './foresee.ts';
import type { TopologyPlan, WantedTopology } from './planTopology.ts';

interface Options {
  readonly deleteWithMessages: readonly string[];
  readonly hasTime?: HasTime;
}

interface Settled {
  readonly lines: readonly string[];
  readonly notes: readonly string[];
  /** Queues with other arguments than wanted that were left as they are. */
  readonly differing: number;
}

/** Deletes what is to go, and declares anew what is wanted with other arguments. */
export async function settleOutdated(
  admin: BrokerAdmin,
  wanted: WantedTopology,
  { outdated }: TopologyPlan,
  { deleteWithMessages, hasTime }: Options,
): Promise<Settled> {
  const lines: string[] = [];
  const notes: string[] = [];
  let differing = 0;
  for (const queue of outdated) {
    // Asked only now: messages may have come until it was unbound.
    const fate = await foresee(admin, wanted, queue, deleteWithMessages);
    if (fate.kind === 'stays') {
      notes.push(fate.note);
      if (queue.isWanted) differing += 1;
    }
    if (fate.kind !== 'goes') continue;
    lines.push(fate.line);
    if (fate.movesTo !== undefined) {
      await admin.move({ kind: 'move-messages', queue: queue.name, consumer: fate.movesTo }, hasTime);
      const left = await admin.readDepth(queue.name);
      if (left && left.messages > 0 && !deleteWithMessages.includes(queue.name)) {
        notes.push(`queue '${queue.name}' is retired and took ${left.messages} more messages: apply again later`);
        continue;
      }
    }
    await admin.apply({ kind: 'delete-queue', queue: queue.name });
    // At once: nothing comes into it in between.
    if (queue.isWanted) lines.push(...(await applyAll(admin, declareQueue(queue.name, wanted))));
  }
  return { lines, notes, differing };
}

function declareQueue(name: string, { consumers }: WantedTopology): readonly BrokerChange[] {
  const { queues, bindings } = declareTopology(consumers);
  return [
    ...queues.filter((queue) => queue.name === name).map((queue) => ({ kind: 'declare-queue', queue }) as const),
    ...bindings.filter(({ queue }) => queue === name).map((binding) => ({ kind: 'bind', binding }) as const),
  ];
}
