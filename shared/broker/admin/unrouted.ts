import { isFault } from '../../kernel/fault.ts';
import { newId } from '../../kernel/ids.ts';
import { exchanges, unroutedQueue } from '../topology.ts';
import type { BrokerAdmin, HasTime, MessageMove } from './brokerAdmin.ts';
import { describeChange } from './describeChange.ts';

/** Messages that one apply sends round when nothing is to be deleted, so that a deployment comes to its end. */
const usualSize = 10_000;

/** Times that what lies there is looked through for what has come back, while others may come all the time. */
const maxPasses = 10;

/** Messages that are looked at for their routing keys, and keys that are named. */
const lookedAt = 25;
const namedKeys = 3;

export interface RoundOptions {
  /** What no queue takes is deleted: only when everything has been round is it known what that is. */
  readonly mayDelete: boolean;
  readonly hasTime?: HasTime | undefined;
  readonly roundSize?: number | undefined;
}

export interface Round {
  readonly lines: readonly string[];
  readonly notes: readonly string[];
}

type Send = MessageMove & { readonly kind: 'publish-again' };

/** As many as lie there now and no more: what still has no queue comes back, behind them. */
async function planRound(
  admin: Pick<BrokerAdmin, 'readDepth'>,
  { mayDelete, roundSize = usualSize }: RoundOptions,
): Promise<{ readonly send: Send; readonly there: number } | undefined> {
  const { messages: there = 0 } = (await admin.readDepth(unroutedQueue)) ?? {};
  if (there === 0) return undefined;
  const count = mayDelete ? there : Math.min(there, roundSize);
  return {
    there,
    send: { kind: 'publish-again', queue: unroutedQueue, exchange: exchanges.events, count, round: newId() },
  };
}

/** What `sendUnroutedRound` would do. */
export async function foreseeRound(
  admin: Pick<BrokerAdmin, 'readDepth'>,
  options: RoundOptions,
): Promise<readonly string[]> {
  const plan = await planRound(admin, options);
  if (!plan) return [];
  return [
    describeChange(plan.send),
    ...(options.mayDelete ? [`- queue ${unroutedQueue}: what no queue takes then`] : []),
  ];
}

/**
 * Publishes what lies in `unrouted` again, now that queues and bindings are as wanted. What no queue takes is back there
 * afterwards, whatever its routing key, and is told; it is deleted when somebody said so. A broker that fails meanwhile
 * fails nothing: the topology is applied, and the messages are where they were.
 */
export async function sendUnroutedRound(admin: BrokerAdmin, options: RoundOptions): Promise<Round> {
  const lines: string[] = [];
  const end = (...notes: readonly string[]): Round => ({ lines, notes });
  try {
    const plan = await planRound(admin, options);
    if (!plan) return end();
    const { send, there } = plan;
    const sent = await admin.move(send, options.hasTime);
    if (sent === 0) return end(`queue '${unroutedQueue}' holds ${there} messages, and time was over: apply again`);
    lines.push(describeChange({ ...send, count: sent }));
    const { messages: left = 0 } = (await admin.readDepth(unroutedQueue)) ?? {};
    if (left === 0) return end();
    const sum = { sent, left, unsent: there - sent };
    if (!options.mayDelete) {
      return end(describeLeft(sum, sum.unsent > 0 ? [] : await admin.readRoutingKeys(unroutedQueue, lookedAt)));
    }
    if (sum.unsent > 0) return end(`${describeFound(sum)}; nothing is deleted until all have been round: ${moreTime}`);

    const { deleted, rest } = await deleteReturned(admin, { ...send, kind: 'delete-returned' }, left, options);
    lines.push(describeChange({ ...send, kind: 'delete-returned', count: deleted }));
    return rest === undefined ? end() : end(rest);
  } catch (error) {
    if (!isFault(error)) throw error;
    return end(`queue '${unroutedQueue}' could not be emptied: ${error.message}; apply again`);
  }
}

/**
 * Only what has come back: a message that was under way to `unrouted` before its queue was bound may come there after the
 * others went round. It goes round itself.
 */
async function deleteReturned(
  admin: BrokerAdmin,
  move: MessageMove & { readonly kind: 'delete-returned' },
  there: number,
  { hasTime = () => true }: RoundOptions,
): Promise<{ readonly deleted: number; readonly rest?: string }> {
  let deleted = 0;
  let left = there;
  for (let pass = 0; pass < maxPasses; pass += 1) {
    deleted += await admin.move({ ...move, count: left }, hasTime);
    left = (await admin.readDepth(unroutedQueue))?.messages ?? 0;
    if (left === 0) return { deleted };
    if (!hasTime()) return { deleted, rest: `queue '${unroutedQueue}' holds ${left} more: ${moreTime}` };
  }
  return { deleted, rest: `queue '${unroutedQueue}' holds ${left} more, which came meanwhile: apply again` };
}

const moreTime = 'time was over; apply again, from where there is more: without --function';

interface Sum {
  readonly sent: number;
  readonly left: number;
  /** Of those that lay there at the start. */
  readonly unsent: number;
}

function describeFound({ sent, left, unsent }: Sum): string {
  // At least: others may have come meanwhile.
  const found = Math.max(0, sent - (left - unsent));
  const waiting = unsent > 0 ? `, ${unsent} have not been round yet` : '';
  return `queue '${unroutedQueue}': ${found === 0 ? 'none' : found} of ${sent} found a queue${waiting}`;
}

function describeLeft(sum: Sum, keys: readonly string[]): string {
  const told = `--delete-with-messages ${unroutedQueue}`;
  if (sum.unsent > 0) return `${describeFound(sum)}: apply again, or with ${told}, which sends all of them round`;
  const different = [...new Set(keys)];
  const named = different.slice(0, namedKeys).map((key) => `'${key}'`);
  const others = different.length > namedKeys || sum.left > keys.length ? ' and others' : '';
  const what = `${sum.left} are left, of ${named.join(', ')}${others}`;
  return `${describeFound(sum)}; ${what}: deploy who follows them, or ${told}`;
}
