import { declareTopology } from '../topology.ts';
import { applyAll } from './applyAll.ts';
import type { BrokerAdmin, BrokerChange, Counts, HasTime } from './brokerAdmin.ts';
import { type Fate, foresee } from './foresee.ts';
import type { OutdatedQueue, TopologyPlan, WantedTopology } from './planTopology.ts';

interface Options {
  readonly deleteWithMessages: readonly string[];
  readonly hasTime?: HasTime | undefined;
}

interface Settled {
  readonly lines: readonly string[];
  readonly notes: readonly string[];
  /** Queues with other arguments than wanted that were left as they are. */
  readonly differing: number;
}

const none: Counts = new Map();

/** What is in the retry queues among them, if there are any. */
export async function countRetries(
  admin: Pick<BrokerAdmin, 'countAll'>,
  queues: readonly OutdatedQueue[],
  when: 'lately' | 'now',
): Promise<Counts> {
  const names = queues.filter(({ kind }) => kind === 'retry').map(({ name }) => name);
  return names.length === 0 ? none : admin.countAll(names, when);
}

/**
 * Deletes what is to go, and declares anew what is wanted with other arguments. Looks twice: what is found empty gets nothing
 * more, and goes if it is empty then as well. RabbitMQ deletes no quorum queue on the condition that it is empty.
 */
export async function settleOutdated(
  admin: BrokerAdmin,
  wanted: WantedTopology,
  { outdated }: Pick<TopologyPlan, 'outdated'>,
  { deleteWithMessages, hasTime = () => true }: Options,
): Promise<Settled> {
  const lines: string[] = [];
  const notes: string[] = [];
  let differing = 0;
  const stay = ({ isWanted }: OutdatedQueue, note: string): void => {
    notes.push(note);
    if (isWanted) differing += 1;
  };
  const remove = async ({ name, isWanted }: OutdatedQueue): Promise<void> => {
    await admin.apply({ kind: 'delete-queue', queue: name });
    // At once: nothing comes into it in between.
    if (isWanted) lines.push(...(await applyAll(admin, [...declare(name, wanted), ...bind(name, wanted)])));
  };

  const closed: OutdatedQueue[] = [];
  const lately = await countRetries(admin, outdated, 'lately');
  for (const queue of outdated) {
    // Asked only now: messages may have come until it was unbound.
    const fate = await foresee(admin, wanted, queue, deleteWithMessages, lately);
    if (fate.kind === 'stays') stay(queue, fate.note);
    if (fate.kind !== 'goes') continue;
    if (queue.kind !== 'feeding') {
      if (queue.isWanted) await applyAll(admin, unbind(queue.name, wanted));
      closed.push(queue);
      continue;
    }
    // One that is wanted stays bound until its end: what comes meanwhile would go to the other consumers alone.
    lines.push(fate.line);
    const left = await moveAway(admin, queue, fate, hasTime);
    // Told or not, those of a retired one need not be lost: it gets no more of them.
    if (left === 0 || queue.isWanted) await remove(queue);
    else notes.push(`queue '${queue.name}' is retired and took ${left} more messages: apply again later`);
  }

  const isTold = ({ name }: OutdatedQueue): boolean => deleteWithMessages.includes(name);
  const open = new Set(closed);
  try {
    const counted = closed.filter((queue) => !isTold(queue));
    const now = hasTime() ? await countRetries(admin, counted, 'now') : none;
    for (const queue of closed) {
      const fate = await foresee(admin, wanted, queue, deleteWithMessages, isTold(queue) ? lately : now);
      if (fate.kind === 'stays') stay(queue, fate.note);
      if (fate.kind !== 'goes') continue;
      lines.push(fate.line);
      await remove(queue);
      open.delete(queue);
    }
  } catch (error) {
    // Bound again all the same, as far as they are there: what is to come back through them would find no way.
    for (const { name, isWanted } of open)
      if (isWanted) await applyAll(admin, bind(name, wanted)).catch(() => undefined);
    throw error;
  }
  for (const { name, isWanted } of open) if (isWanted) await applyAll(admin, bind(name, wanted));
  return { lines, notes, differing };
}

/** @returns how many messages are still there; those that were not to be moved do not count */
async function moveAway(
  admin: Pick<BrokerAdmin, 'move' | 'readDepth'>,
  { name }: OutdatedQueue,
  { movesTo }: Fate & { readonly kind: 'goes' },
  hasTime: HasTime,
): Promise<number> {
  if (movesTo === undefined) return 0;
  await admin.move({ kind: 'move-messages', queue: name, consumer: movesTo }, hasTime);
  return (await admin.readDepth(name))?.messages ?? 0;
}

const declare = (name: string, { consumers }: WantedTopology): readonly BrokerChange[] =>
  declareTopology(consumers)
    .queues.filter((queue) => queue.name === name)
    .map((queue) => ({ kind: 'declare-queue', queue }));

const bindingsOf = (name: string, { consumers }: WantedTopology) =>
  declareTopology(consumers).bindings.filter(({ queue }) => queue === name);

const bind = (name: string, wanted: WantedTopology): readonly BrokerChange[] =>
  bindingsOf(name, wanted).map((binding) => ({ kind: 'bind', binding }));

const unbind = (name: string, wanted: WantedTopology): readonly BrokerChange[] =>
  bindingsOf(name, wanted).map((binding) => ({ kind: 'unbind', binding }));
