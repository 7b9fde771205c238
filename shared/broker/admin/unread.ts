import type { BrokerAdmin } from './brokerAdmin.ts';
import type { QueueName } from './queueNames.ts';

interface Unread {
  /** What fills, and what to do about it. */
  readonly unread: readonly string[];
  /** What is read by somebody else. */
  readonly notes: readonly string[];
}

/** Queues that are told of in one go. */
interface Group {
  readonly who: string;
  readonly names: readonly string[];
  readonly remedy: string;
}

/**
 * Of queues that get messages of ours and are none of the topology's, those that nobody reads: they fill until the broker
 * takes nothing any more. A deployment that went back leaves such queues, and a consumer that was taken out. They are left
 * bound until somebody says otherwise: what they hold may be all that tells a consumer that comes back of its streams.
 */
export async function findUnread(admin: Pick<BrokerAdmin, 'readDepth'>, queues: readonly QueueName[]): Promise<Unread> {
  const unread: string[] = [];
  const notes: string[] = [];
  for (const { who, names, remedy } of toGroups(queues)) {
    const left: { readonly name: string; readonly messages: number }[] = [];
    const read: { readonly name: string; readonly readers: number }[] = [];
    // One after the other: each look is a connection, and a small broker has not many to give.
    for (const name of names) {
      const { messages, consumers: readers } = (await admin.readDepth(name)) ?? { messages: 0, consumers: 0 };
      if (readers > 0) read.push({ name, readers });
      else left.push({ name, messages });
    }
    const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0);
    if (left.length > 0) {
      const messages = sum(left.map((it) => it.messages));
      unread.push(`${who}${nameAll(left)}: bound for messages of ours, ${messages} there, read by nobody; ${remedy}`);
    }
    if (read.length > 0) {
      const readers = sum(read.map((it) => it.readers));
      notes.push(`${who}${nameAll(read)}: bound for messages of ours, read by ${readers} none of ours`);
    }
  }
  return { unread, notes };
}

function toGroups(queues: readonly QueueName[]): readonly Group[] {
  const consumers = [...new Set(queues.flatMap(({ consumer }) => consumer ?? []))];
  return [
    ...consumers.map((consumer) => {
      const own = queues.filter((queue) => queue.consumer === consumer);
      // Nobody ever reads a retry queue, and it does not fill: what is due leaves it for these.
      const feeding = own.filter(({ kind }) => kind === 'feeding');
      return {
        who: `consumer '${consumer}' is not in the topology: `,
        names: (feeding.length > 0 ? feeding : own).map(({ name }) => name),
        remedy: `deploy it, or if it is gone for good: npm run topology -- apply --retired-consumer ${consumer}`,
      };
    }),
    ...queues
      .filter(({ consumer }) => consumer === undefined)
      .map(({ name }) => ({ who: '', names: [name], remedy: 'unbind or delete it on the broker' })),
  ];
}

function nameAll([first, ...others]: readonly { readonly name: string }[]): string {
  return `queue '${first?.name}'${others.length > 0 ? ` and ${others.length} more` : ''}`;
}
