import type { Clock } from '../kernel/clock.ts';
import type { Logger } from '../observe/logger.ts';
import type { Cursor, Cursors, UnsettledStreams } from './cursors.ts';
import { isOfStream } from './deadLetter.ts';
import type { DeadLetterQueue, QueuedMessage, Verdict } from './deadLetterQueue.ts';
import { toRetryHint } from './deadLetters.ts';
import { maxLooked } from './listDeadLetters.ts';
import type { Publisher } from './publisher.ts';
import { deadLetterQueue } from './topology.ts';

/** A hint that is so late is lost. */
const graceMs = 120_000;

/** Streams of one consumer that one sweep wakes. */
const maxWoken = 500;

export interface SweepDeps {
  readonly tables: Readonly<Record<string, Pick<Cursors<unknown>, 'load'> & Pick<UnsettledStreams, 'readDue'>>>;
  readonly queue: DeadLetterQueue;
  readonly publisher: Pick<Publisher, 'publish'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly logger: Logger;
}

export interface Swept {
  readonly consumer: string;
  /** Waited longer than their hint takes, and were sent another. */
  readonly woken: number;
  /** Dead letters whose stream has gone past them, or that were told twice. */
  readonly tidied: number;
}

/**
 * Wakes streams whose retry was lost on the way, and removes dead letters that are none any more. Safe to run at any
 * time, and by several at once: a hint too many is a repeat.
 *
 * @throws Fault table/unavailable, broker/unavailable
 */
export async function sweepStreams(deps: SweepDeps): Promise<readonly Swept[]> {
  const swept: Swept[] = [];
  for (const consumer of Object.keys(deps.tables)) {
    const result = await sweepConsumer(deps, consumer);
    // Nothing to do, nine times a minute, is nothing to tell.
    const isNews = result.woken + result.tidied > 0;
    deps.logger[isNews ? 'info' : 'debug']('swept', { ...result });
    swept.push(result);
  }
  return swept;
}

async function sweepConsumer({ tables, queue, publisher, clock }: SweepDeps, consumer: string): Promise<Swept> {
  const table = tables[consumer];
  if (!table) return { consumer, woken: 0, tidied: 0 };
  const now = clock.now();
  const due = await table.readDue(new Date(now.getTime() - graceMs), maxWoken);
  for (const { stream, head, revision, attempts } of due) {
    const hint = { stream, revision: head > revision ? head : revision, attempt: attempts };
    await publisher.publish(toRetryHint(consumer, hint, 0, now));
  }
  return { consumer, woken: due.length, tidied: await tidy(table, queue, deadLetterQueue(consumer)) };
}

/**
 * Removes what is no dead letter any more, and tells how many it were. Operators do not see what is looked at meanwhile: rows are
 * read in between, and a second look is taken only where something is to go.
 */
async function tidy(table: Pick<Cursors<unknown>, 'load'>, queue: DeadLetterQueue, name: string): Promise<number> {
  let seen: readonly QueuedMessage[] = [];
  await queue.look(name, maxLooked, async (messages) => {
    seen = messages;
    return messages.map(() => 'keep');
  });
  const streams = new Set(seen.flatMap((message) => toPlace(message)?.stream ?? []));
  if (streams.size === 0) return 0;
  const rows = await table.load([...streams]);
  if (!judge(rows, seen).includes('remove')) return 0;
  let tidied = 0;
  await queue.look(name, maxLooked, async (messages) => {
    const verdicts = judge(rows, messages);
    tidied = verdicts.filter((verdict) => verdict === 'remove').length;
    return verdicts;
  });
  return tidied;
}

/**
 * A dead letter of a stream is one until the stream's cursor has gone past it: not merely until its row is not blocked,
 * since the message is published before the row is written. Of those told twice the newest stays; so does one whose row is not
 * among these.
 */
function judge(rows: ReadonlyMap<string, Cursor<unknown>>, messages: readonly QueuedMessage[]): readonly Verdict[] {
  const places = messages.map(toPlace);
  const newest = new Map(messages.map(({ messageId }, n) => [messageId, n]));
  return places.map((place, n) => {
    if (!place) return 'keep';
    const isPast = (rows.get(place.stream)?.revision ?? -1n) >= place.revision;
    const isToldAgain = newest.get(messages[n]?.messageId) !== n;
    return isPast || isToldAgain ? 'remove' : 'keep';
  });
}

function toPlace(message: QueuedMessage): { readonly stream: string; readonly revision: bigint } | undefined {
  const { stream, revision } = message.headers;
  if (!isOfStream(message) || typeof stream !== 'string' || typeof revision !== 'string') return undefined;
  return /^\d{1,16}$/.test(revision) ? { stream, revision: BigInt(revision) } : undefined;
}
