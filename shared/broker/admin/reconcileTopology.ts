import { unroutedQueue } from '../topology.ts';
import { applyAll } from './applyAll.ts';
import type { BrokerAdmin, HasTime } from './brokerAdmin.ts';
import { describeChange } from './describeChange.ts';
import { type Fate, foresee } from './foresee.ts';
import { planTopology, type TopologyPlan, type WantedTopology } from './planTopology.ts';
import { countRetries, settleOutdated } from './settleOutdated.ts';
import { findUnread } from './unread.ts';
import { foreseeRound, type RoundOptions, sendUnroutedRound } from './unrouted.ts';

export interface TopologyReport {
  /** One line for each thing that is to be done, or was done; none: all is as wanted. */
  readonly lines: readonly string[];
  /** Why nothing was changed. */
  readonly problems: readonly string[];
  /** Queues that fill and that nobody reads, which are left as they are until somebody says what is to become of them. */
  readonly unread: readonly string[];
  /** Consumers that were not told of events while nothing was bound for them, and what helps once something is. */
  readonly missed: readonly string[];
  /** What else was left as it is, and why. */
  readonly notes: readonly string[];
  /** How many things are not as wanted when this is told; messages in `unrouted` are none: `measureQueues` counts these. */
  readonly drift: number;
}

export interface ApplyOptions {
  /** Queues that may be deleted together with the messages in them; of `unrouted`, what no queue takes. */
  readonly deleteWithMessages: readonly string[];
  /** Whether there is time to move more messages; there is, when it is not said. */
  readonly hasTime?: HasTime;
  /** Messages of `unrouted` that go round when nothing is to be deleted of it. */
  readonly roundSize?: number;
  /** Told of `missed` before anything is bound: if what follows fails, it can't be seen on the broker the next time. */
  readonly onMissed?: (missed: readonly string[]) => void;
}

const toRound = ({ deleteWithMessages, hasTime, roundSize }: ApplyOptions): RoundOptions => ({
  mayDelete: deleteWithMessages.includes(unroutedQueue),
  hasTime,
  roundSize,
});

/** What `reconcileTopology` would do, and nothing done. */
export async function diffTopology(
  admin: BrokerAdmin,
  wanted: WantedTopology,
  options: ApplyOptions,
): Promise<TopologyReport> {
  const state = await admin.readState();
  const { entry, changes, outdated, problems, strange, missed, notes } = planTopology(wanted, state);
  // Who may not enter sees into no queue.
  const seen = entry.length === 0 ? { outdated, strange } : { outdated: [], strange: [] };
  const isUnroutedThere = entry.length === 0 && state.queues.some(({ name }) => name === unroutedQueue);
  const fates: Fate[] = [];
  const counts = await countRetries(admin, seen.outdated, 'lately');
  for (const queue of seen.outdated) {
    fates.push(await foresee(admin, wanted, queue, options.deleteWithMessages, counts));
  }
  const { unread, notes: read } = await findUnread(admin, seen.strange);
  const round = isUnroutedThere ? await foreseeRound(admin, toRound(options)) : [];
  const differing = [...entry, ...changes].map(describeChange);
  return {
    lines: [...differing, ...round, ...fates.flatMap((fate) => (fate.kind === 'goes' ? fate.line : []))],
    problems,
    unread,
    missed,
    notes: [...fates.flatMap((fate) => (fate.kind === 'stays' ? fate.note : [])), ...read, ...notes],
    drift: differing.length + fates.filter(({ kind }) => kind !== 'gone').length + problems.length + unread.length,
  };
}

/**
 * Makes the broker as wanted; on one that is so already it changes nothing. A queue that nobody reads any more is emptied
 * into its consumer's other queues, then deleted; one that holds messages that can't be moved is deleted only when told to.
 * Before that, what lies in `unrouted` goes round again. Nobody else is at it meanwhile.
 *
 * @throws Fault broker/unavailable, also while somebody else is at it; broker/refused: what was done until then stays; do
 *     it again
 */
export async function reconcileTopology(
  admin: BrokerAdmin,
  wanted: WantedTopology,
  options: ApplyOptions,
): Promise<TopologyReport> {
  const first = planTopology(wanted, await admin.readState());
  if (first.problems.length > 0) return refusal(first);
  const entered = await applyAll(admin, first.entry);
  return admin.exclusively(async () => {
    // Anew: until here somebody else may have been at it.
    const plan = planTopology(wanted, await admin.readState());
    if (plan.problems.length > 0) return refusal(plan);
    if (plan.missed.length > 0) options.onMissed?.(plan.missed);
    const changed = await applyAll(admin, plan.changes);
    // Before any queue is deleted: what a queue takes now is not to go with `unrouted`.
    const round = await sendUnroutedRound(admin, toRound(options));
    // What came into `unrouted` since has not been round: that queue goes when it is empty, told or not.
    const settled = await settleOutdated(admin, wanted, plan, without(unroutedQueue, options));
    const { unread, notes: read } = await findUnread(admin, plan.strange);
    return {
      lines: [...entered, ...changed, ...round.lines, ...settled.lines],
      problems: [],
      unread,
      missed: plan.missed,
      notes: [...round.notes, ...settled.notes, ...read, ...plan.notes],
      drift: unread.length + settled.differing,
    };
  });
}

const without = (queue: string, options: ApplyOptions): ApplyOptions => ({
  ...options,
  deleteWithMessages: options.deleteWithMessages.filter((name) => name !== queue),
});

const refusal = ({ problems, notes }: TopologyPlan): TopologyReport => ({
  lines: [],
  problems,
  unread: [],
  missed: [],
  notes,
  drift: problems.length,
});
