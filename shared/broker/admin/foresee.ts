import type { BrokerAdmin, QueueDepth } from './brokerAdmin.ts';
import type { OutdatedQueue, WantedTopology } from './planTopology.ts';

/** What becomes of a queue that is not as wanted. */
export type Fate =
  /** Nothing: somebody was faster. */
  | { readonly kind: 'gone' }
  | { readonly kind: 'stays'; readonly note: string }
  /** Deleted; what is in it first goes round again to the consumer `movesTo`. */
  | { readonly kind: 'goes'; readonly line: string; readonly movesTo?: string };

/**
 * A queue goes when it is empty and unread, when its messages can be moved, or when somebody said so by its name; one that is
 * wanted, but for its arguments, is declared anew then.
 */
export async function foresee(
  admin: Pick<BrokerAdmin, 'readDepth'>,
  { consumers }: WantedTopology,
  queue: OutdatedQueue,
  deleteWithMessages: readonly string[],
): Promise<Fate> {
  const { name, kind, consumer } = queue;
  const depth = await admin.readDepth(name);
  if (!depth) return { kind: 'gone' };
  const { messages, consumers: readers } = depth;
  const isTold = deleteWithMessages.includes(name);
  const tell = `--delete-with-messages ${name}`;
  const isMovable = kind === 'feeding' && messages > 0 && consumers.some((it) => it.name === consumer);
  const moved = isMovable && consumer !== undefined ? { movesTo: consumer } : {};

  if (queue.isWanted) {
    if (isTold || isReplaceable(queue, depth)) return { kind: 'goes', line: describeReplaced(queue, depth), ...moved };
    return {
      kind: 'stays',
      note: `queue '${name}' has other arguments, which can't be changed: ${remedyOf(queue, depth)}`,
    };
  }
  if (readers > 0) {
    return { kind: 'stays', note: `queue '${name}' is retired and still read by ${readers}: apply again later` };
  }
  if (messages === 0) return { kind: 'goes', line: `- queue ${name}: empty` };
  if (isMovable) return { kind: 'goes', line: `- queue ${name}: its ${messages} messages go round again`, ...moved };
  if (isTold) return { kind: 'goes', line: `- queue ${name}: with ${messages} messages` };
  const wait = kind === 'retry' ? 'they leave it when they are due: apply again later' : `look at them, or ${tell}`;
  return { kind: 'stays', note: `queue '${name}' is retired and holds ${messages} messages: ${wait}` };
}

/**
 * Whether nothing is lost while the queue is missing. Who publishes to `unrouted`, to a retry queue or to a dead-letter queue
 * has what finds no queue back, and comes again. A feeding queue's messages go to the other consumers meanwhile: nobody
 * hears that one of them got nothing.
 */
const isReplaceable = ({ kind }: OutdatedQueue, { messages, consumers: readers }: QueueDepth): boolean =>
  kind !== 'feeding' && messages === 0 && readers === 0;

function describeReplaced({ name, kind }: OutdatedQueue, { messages }: QueueDepth): string {
  if (kind === 'other') return `~ queue ${name}: declared anew`;
  return `~ queue ${name}: ${messages === 0 ? 'empty' : `deleted with ${messages} messages`}, declared anew`;
}

function remedyOf({ name, kind }: OutdatedQueue, { messages, consumers: readers }: QueueDepth): string {
  const tell = `--delete-with-messages ${name}`;
  if (kind === 'feeding') {
    return `${tell} deletes it and declares it anew; its consumer is not told of what comes meanwhile: rewind the relay then`;
  }
  return `apply declares it anew once it is empty and unread (${messages} messages, ${readers} readers), or with ${tell}`;
}
