import type { BrokerAdmin } from './brokerAdmin.ts';
import { describeChange } from './describeChange.ts';
import { foresee } from './foresee.ts';
import { planTopology, type WantedTopology } from './planTopology.ts';

export interface TopologyReport {
  /** One line for each thing that differs, or differed before it was changed; none: all is as wanted. */
  readonly lines: readonly string[];
  /** Why nothing was changed. */
  readonly problems: readonly string[];
  /** What was left as it is, and why. */
  readonly notes: readonly string[];
}

export interface ApplyOptions {
  /** Queues that may be deleted together with the messages in them. */
  readonly deleteWithMessages: readonly string[];
}

/** What `reconcileTopology` would do, and nothing done. */
export async function diffTopology(
  admin: BrokerAdmin,
  wanted: WantedTopology,
  options: ApplyOptions,
): Promise<TopologyReport> {
  const plan = planTopology(wanted, await admin.readState());
  // Who may not enter sees into no queue.
  const seen = plan.entry.length === 0 ? plan.outdated : [];
  const fates = await Promise.all(seen.map((queue) => foresee(admin, wanted, queue, options.deleteWithMessages)));
  return {
    lines: [
      ...[...plan.entry, ...plan.changes].map(describeChange),
      ...fates.flatMap((fate) => (fate.kind === 'goes' ? fate.line : [])),
    ],
    problems: plan.problems,
    notes: [...fates.flatMap((fate) => (fate.kind === 'stays' ? fate.note : [])), ...plan.notes],
  };
}

/**
 * Makes the broker as wanted; on one that is so already it changes nothing. A queue that nobody reads any more is emptied
 * into its consumer's other queues, then deleted; one that holds messages that can't be moved is deleted only when told to.
 *
 * @throws Fault broker/unavailable, broker/refused: what was done until then stays; do it again
 */
export async function reconcileTopology(
  admin: BrokerAdmin,
  wanted: WantedTopology,
  options: ApplyOptions,
): Promise<TopologyReport> {
  const plan = planTopology(wanted, await admin.readState());
  if (plan.problems.length > 0) return { lines: [], problems: plan.problems, notes: plan.notes };
  const ahead = [...plan.entry, ...plan.changes];
  for (const change of ahead) await admin.apply(change);

  const lines = ahead.map(describeChange);
  const notes: string[] = [];
  for (const queue of plan.outdated) {
    // Asked only now: messages may have come until it was unbound.
    const fate = await foresee(admin, wanted, queue, options.deleteWithMessages);
    if (fate.kind === 'stays') notes.push(fate.note);
    if (fate.kind !== 'goes') continue;
    lines.push(fate.line);
    if (fate.movesTo !== undefined) {
      await admin.apply({ kind: 'move-messages', queue: queue.name, consumer: fate.movesTo });
      const left = await admin.readDepth(queue.name);
      if (left && left.messages > 0 && !options.deleteWithMessages.includes(queue.name)) {
        notes.push(`queue '${queue.name}' is retired and took ${left.messages} more messages: apply again later`);
        continue;
      }
    }
    await admin.apply({ kind: 'delete-queue', queue: queue.name });
  }
  if (plan.outdated.some(({ isWanted }) => isWanted)) {
    // What was deleted for its arguments is declared anew.
    const { changes } = planTopology(wanted, await admin.readState());
    for (const change of changes) await admin.apply(change);
    lines.push(...changes.map(describeChange));
  }
  return { lines, problems: [], notes: [...notes, ...plan.notes] };
}
