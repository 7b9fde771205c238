import type { BrokerAdmin } from './brokerAdmin.ts';
import type { OutdatedQueue, WantedTopology } from './planTopology.ts';

/** What becomes of a queue that is not as wanted. */
export type Fate =
  /** Nothing: somebody was faster. */
  | { readonly kind: 'gone' }
  | { readonly kind: 'stays'; readonly note: string }
  /** Deleted; what is in it first goes round again to the consumer `movesTo`. */
  | { readonly kind: 'goes'; readonly line: string; readonly movesTo?: string };

/** A queue goes when it is empty and unread, when its messages can be moved, or when somebody said so by its name. */
export async function foresee(
  admin: Pick<BrokerAdmin, 'readDepth'>,
  { consumers }: WantedTopology,
  { name, kind, consumer, isWanted }: OutdatedQueue,
  deleteWithMessages: readonly string[],
): Promise<Fate> {
  const depth = await admin.readDepth(name);
  if (!depth) return { kind: 'gone' };
  const { messages, consumers: readers } = depth;
  const isTold = deleteWithMessages.includes(name);
  const tell = `--delete-with-messages ${name}`;
  const isMovable = kind === 'feeding' && messages > 0 && consumers.some((it) => it.name === consumer);
  const moved = isMovable && consumer !== undefined ? { movesTo: consumer } : {};

  if (isWanted) {
    const advice = `${tell} deletes it and declares it anew`;
    if (!isTold)
      return { kind: 'stays', note: `queue '${name}' has other arguments, which can't be changed: ${advice}` };
    return { kind: 'goes', line: `~ queue ${name}: deleted with ${messages} messages, declared anew`, ...moved };
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
