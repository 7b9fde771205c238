import { isFault } from '../../kernel/fault.ts';
import { exchanges, unroutedQueue } from '../topology.ts';
import type { BrokerAdmin, MessageMove } from './brokerAdmin.ts';
import { describeChange } from './describeChange.ts';

/** Messages that one apply sends round, so that a deployment comes to its end; some seconds' worth. */
const roundSize = 10_000;

/** Messages that are looked at for their routing keys, and keys that are named. */
const lookedAt = 25;
const namedKeys = 3;

export interface Round {
  readonly lines: readonly string[];
  readonly notes: readonly string[];
}

const nothing: Round = { lines: [], notes: [] };

type Send = MessageMove & { readonly kind: 'publish-again' };

/** As many as lie there now and no more: what still has no queue comes back, behind them. */
async function planRound(admin: Pick<BrokerAdmin, 'readDepth'>): Promise<Send | undefined> {
  const { messages = 0 } = (await admin.readDepth(unroutedQueue)) ?? {};
  if (messages === 0) return undefined;
  const count = Math.min(messages, roundSize);
  return { kind: 'publish-again', queue: unroutedQueue, exchange: exchanges.events, count };
}

/** What `sendUnroutedRound` would do. */
export async function foreseeRound(admin: Pick<BrokerAdmin, 'readDepth'>, mayDelete: boolean): Promise<Round> {
  const send = await planRound(admin);
  if (!send) return nothing;
  const deleted = mayDelete ? [`- queue ${unroutedQueue}: what no queue takes then`] : [];
  return { lines: [describeChange(send), ...deleted], notes: [] };
}

/**
 * Publishes what lies in `unrouted` again, now that queues and bindings are as wanted. What no queue takes is back there
 * afterwards, whatever its routing key, and is told; it is deleted when somebody said so. A broker that fails meanwhile
 * fails nothing: the topology is applied, and the messages are where they were.
 */
export async function sendUnroutedRound(admin: BrokerAdmin, mayDelete: boolean): Promise<Round> {
  let lines: readonly string[] = [];
  try {
    const send = await planRound(admin);
    if (!send) return nothing;
    await admin.move(send);
    lines = [describeChange(send)];
    const { messages: left = 0 } = (await admin.readDepth(unroutedQueue)) ?? {};
    if (left === 0) return { lines, notes: [] };
    if (send.count === roundSize) return { lines, notes: [`queue '${unroutedQueue}' holds ${left} more: apply again`] };
    if (mayDelete) {
      const remove = { kind: 'delete-messages', queue: unroutedQueue, count: left } as const;
      await admin.move(remove);
      return { lines: [...lines, describeChange(remove)], notes: [] };
    }
    return { lines, notes: [describeLeft(left, await admin.readRoutingKeys(unroutedQueue, lookedAt))] };
  } catch (error) {
    if (!isFault(error)) throw error;
    return { lines, notes: [`queue '${unroutedQueue}' could not be emptied: ${error.message}; apply again`] };
  }
}

function describeLeft(left: number, keys: readonly string[]): string {
  const different = [...new Set(keys)];
  const named = different.slice(0, namedKeys).map((key) => `'${key}'`);
  const others = different.length > namedKeys || left > keys.length ? ' and others' : '';
  const remedy = `deploy who follows them, or --delete-with-messages ${unroutedQueue}`;
  return `queue '${unroutedQueue}' holds ${left} messages that no queue takes, of ${named.join(', ')}${others}: ${remedy}`;
}
