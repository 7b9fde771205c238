import type { BrokerAdmin } from './brokerAdmin.ts';
import type { QueueName } from './queueNames.ts';

export interface Unread {
  /** What fills, and what to do about it. */
  readonly unread: readonly string[];
  /** What is read by somebody else. */
  readonly notes: readonly string[];
}

type Looking = Pick<BrokerAdmin, 'readDepth'>;

/**
 * Of queues that get messages of ours and are none of the topology's, those that nobody reads: they fill until the broker
 * takes nothing any more. A deployment that went back leaves such queues, and a consumer that was taken out. They are left
 * bound until somebody says otherwise: what they hold may be all that tells a consumer that comes back of its streams.
 */
export async function findUnread(admin: Looking, queues: readonly QueueName[]): Promise<Unread> {
  const consumers = [...new Set(queues.flatMap(({ consumer }) => consumer ?? []))];
  const unread: string[] = [];
  const notes: string[] = [];
  // One after the other: each look is a connection, and a small broker has not many to give.
  for (const { who, names, remedy } of [
    ...consumers.map((consumer) => ({
      who: `consumer '${consumer}' is not in the topology: `,
      names: queues.filter((queue) => queue.consumer === consumer).map(({ name }) => name),
      remedy: `deploy it, or if it is gone for good: npm run topology -- apply --retired-consumer ${consumer}`,
    })),
    ...queues
      .filter(({ consumer }) => consumer === undefined)
      .map(({ name }) => ({ who: '', names: [name], remedy: 'unbind or delete it on the broker' })),
  ]) {
    const { messages, readers } = await sumUp(admin, names);
    const [first, ...others] = names;
    const what = `${who}queue '${first}'${others.length > 0 ? ` and ${others.length} more` : ''}`;
    if (readers > 0) notes.push(`${what}: bound for messages of ours, read by ${readers} none of ours`);
    else unread.push(`${what}: bound for messages of ours, ${messages} there, read by nobody; ${remedy}`);
  }
  return { unread, notes };
}

async function sumUp(admin: Looking, names: readonly string[]) {
  let messages = 0;
  let readers = 0;
  for (const name of names) {
    const depth = await admin.readDepth(name);
    messages += depth?.messages ?? 0;
    readers += depth?.consumers ?? 0;
  }
  return { messages, readers };
}
