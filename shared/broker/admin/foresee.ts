import { unroutedQueue } from '../topology.ts';
import type { BrokerAdmin, Counts, QueueDepth } from './brokerAdmin.ts';
import type { OutdatedQueue, WantedTopology } from './planTopology.ts';

/** What becomes of a queue that is not as wanted. */
export type Fate =
  /** Nothing: somebody was faster. */
  | { readonly kind: 'gone' }
  | { readonly kind: 'stays'; readonly note: string }
  /** Deleted; what is in it first goes round again to the consumer `movesTo`. */
  | { readonly kind: 'goes'; readonly line: string; readonly movesTo?: string };

/** What is in a queue. */
interface Content extends QueueDepth {
  /** All of it, what has expired and is still on its way included; undefined: nobody can tell. */
  readonly all: number | undefined;
}

/**
 * A queue goes when it is empty and unread, when its messages can be moved, or when somebody said so by its name; one that is
 * wanted, but for its arguments, is declared anew then.
 *
 * @param counts of retry queues: one that is not in it is not known to be empty
 */
export async function foresee(
  admin: Pick<BrokerAdmin, 'readDepth'>,
  { consumers }: WantedTopology,
  queue: OutdatedQueue,
  deleteWithMessages: readonly string[],
  counts: Counts,
): Promise<Fate> {
  const { name, kind, consumer } = queue;
  const depth = await admin.readDepth(name);
  if (!depth) return { kind: 'gone' };
  const { messages, consumers: readers } = depth;
  const content: Content = { ...depth, all: kind === 'retry' ? atLeast(messages, counts.get(name)) : messages };
  const isTold = deleteWithMessages.includes(name);
  const tell = `--delete-with-messages ${name}`;
  const isOfSomebody = consumers.some((it) => it.name === consumer);
  const isMovable = kind === 'feeding' && messages > 0 && isOfSomebody;
  const moved = isMovable && consumer !== undefined ? { movesTo: consumer } : {};
  const loss = isOfSomebody && content.all !== 0 && kind === 'retry' ? lostHints : '';

  if (queue.isWanted) {
    const line = `~ queue ${name}: ${describeReplaced(queue, content)}${loss}`;
    const mayGo = name === unroutedQueue ? isTold && readers === 0 : isTold;
    if (mayGo || isReplaceable(queue, content)) return { kind: 'goes', line, ...moved };
    return {
      kind: 'stays',
      note: `queue '${name}' has other arguments, which can't be changed: ${remedyOf(queue, content)}`,
    };
  }
  if (readers > 0) {
    return { kind: 'stays', note: `queue '${name}' is retired and still read by ${readers}: apply again later` };
  }
  if (content.all === 0) return { kind: 'goes', line: `- queue ${name}: empty` };
  if (isMovable) return { kind: 'goes', line: `- queue ${name}: its ${messages} messages go round again`, ...moved };
  if (isTold) return { kind: 'goes', line: `- queue ${name}: with ${describeAll(content)}${loss}` };
  if (messages === 0) {
    const wait = `apply again in some minutes, or ${tell}`;
    return { kind: 'stays', note: `queue '${name}' is retired, and ${describeOnTheirWay(content)}: ${wait}` };
  }
  const wait = kind === 'retry' ? 'they leave it when they are due: apply again later' : `look at them, or ${tell}`;
  return { kind: 'stays', note: `queue '${name}' is retired and holds ${messages} messages: ${wait}` };
}

/** Who waits for nothing else than such a hint would not be told any more. */
const lostHints = '; its hints go with it: npm run ops -- relay rewind to before the oldest of them';
const missedMeanwhile =
  '; its consumer is not told of what comes meanwhile: npm run ops -- relay rewind to before that';

const atLeast = (ready: number, all: number | undefined): number | undefined =>
  all === undefined ? undefined : Math.max(ready, all);

/**
 * Whether nothing is lost while the queue is missing. Who publishes to `unrouted`, to a retry queue or to a dead-letter queue
 * has what finds no queue back, and comes again. A feeding queue's messages go to the other consumers meanwhile: nobody
 * hears that one of them got nothing.
 */
const isReplaceable = ({ kind }: OutdatedQueue, { all, consumers: readers }: Content): boolean =>
  kind !== 'feeding' && all === 0 && readers === 0;

function describeReplaced({ kind }: OutdatedQueue, content: Content): string {
  if (kind === 'other') return 'declared anew';
  const how = content.all === 0 ? 'empty' : `deleted with ${describeAll(content)}`;
  return `${how}, declared anew${kind === 'feeding' ? missedMeanwhile : ''}`;
}

const describeAll = ({ all }: Content): string => (all === undefined ? 'all that is in it' : `${all} messages`);

const describeOnTheirWay = ({ messages, all }: Content): string =>
  all === undefined
    ? 'the broker does not tell what is on its way from it'
    : `${all - messages} messages are on their way from it`;

function remedyOf({ name, kind }: OutdatedQueue, content: Content): string {
  const { messages, consumers: readers, all } = content;
  const tell = `--delete-with-messages ${name}`;
  if (kind === 'feeding') return `${tell} deletes it and declares it anew${missedMeanwhile}`;
  const onTheirWay = all === messages ? '' : `, and ${describeOnTheirWay(content)}`;
  return `apply declares it anew once it is empty and unread (${messages} messages, ${readers} readers${onTheirWay}), or with ${tell}`;
}
