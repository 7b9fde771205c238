import type { Clock } from '../kernel/clock.ts';
import type { DeadLetter, StrandedMessage } from './deadLetter.ts';
import type { DeadLetterQueue } from './deadLetterQueue.ts';
import { toRetryHint } from './deadLetters.ts';
import { maxLooked } from './listDeadLetters.ts';
import { parseBody } from './message.ts';
import type { OutgoingMessage, Publisher } from './publisher.ts';
import { deadLetterQueue, partitionQueue } from './topology.ts';

/** How many go in one look: they are published meanwhile, and nobody sees the others. */
export const settledAtOnce = 25;

interface SettlingDeps {
  readonly queue: DeadLetterQueue;
  readonly publisher: Pick<Publisher, 'publish'>;
  readonly clock: Pick<Clock, 'now'>;
}

/**
 * The messages of one consumer go back to where they came from, unless they are discarded, and are no dead letters any more.
 *
 * @returns those that were there
 * @throws Fault broker/unavailable: they lie there still, and some may have gone back as well
 */
export async function settleMessages(
  { queue, publisher, clock }: SettlingDeps,
  letters: readonly StrandedMessage[],
  kind: 'redrive' | 'discard',
): Promise<ReadonlySet<DeadLetter>> {
  const found = new Set<DeadLetter>();
  const [first] = letters;
  if (!first) return found;
  await queue.look(deadLetterQueue(first.consumer), maxLooked, async (messages) => {
    const theirs = messages.map((message) => letters.find((letter) => isSame(message, letter.message)));
    for (const letter of theirs) if (letter) found.add(letter);
    if (kind === 'redrive')
      for (const letter of letters) if (found.has(letter)) await publisher.publish(toRedriven(letter, clock.now()));
    return theirs.map((letter) => (letter ? 'remove' : 'keep'));
  });
  return found;
}

const isSame = (a: StrandedMessage['message'], b: StrandedMessage['message']): boolean =>
  a.messageId === b.messageId && Buffer.compare(a.body, b.body) === 0;

/** As a hint, where it can be read: the store has the event. Otherwise as it came: it may be readable by now. */
function toRedriven({ consumer, message }: StrandedMessage, now: Date): OutgoingMessage {
  try {
    return toRetryHint(consumer, { ...parseBody(message.body), attempt: 0, look: 0 }, 0, now);
  } catch {
    const { messageId = '', type = '', correlationId, headers, body } = message;
    const original = headers['originalHeaders'];
    return {
      exchange: '',
      routingKey: partitionQueue(consumer, 0),
      messageId,
      type,
      ...(correlationId === undefined ? {} : { correlationId }),
      timestamp: now,
      headers: typeof original === 'object' && original !== null ? { ...original } : {},
      body,
    };
  }
}
