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

/** After so long no more queues are tidied: the function has a minute, and the last has begun by then. */
const tidyingMs = 20_000;

/** Whose queue is tidied first changes this often, so that each has its turn when there is no time for all. */
const turnMs = 60_000;

export interface SweepDeps {
  readonly tables: Readonly<Record<string, Pick<Cursors<unknown>, 'load'> & Pick<UnsettledStreams, 'readDue'>>>;
  readonly queue: DeadLetterQueue;
  readonly publisher: Pick<Publisher, 'publish'>;
  readonly clock: Pick<Clock, 'now' | 'elapsedMs'>;
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
 * Wakes streams whose retry was lost on the way, and removes dead letters that are none any more: all are woken first, since
 * that takes rows alone and somebody waits for it. Safe to run at any time, and by several at once: a hint too many is a repeat.
 *
 * @throws what kept it from one of the consumers, when all others are swept: Fault table/unavailable, or as DeadLetterQueue.look
 */
export async function sweepStreams(deps: SweepDeps): Promise<readonly Swept[]> {
  const { tables, queue, clock, logger } = deps;
  const endMs = clock.elapsedMs() + tidyingMs;
  const failures: unknown[] = [];
  const noneAfter = (message: string, consumer: string) => (error: unknown) => {
    logger.error(message, error, { consumer });
    failures.push(error);
    return 0;
  };
  const woken = await Promise.all(
    Object.entries(tables).map(async ([consumer, table]) => ({
      consumer,
      table,
      woken: await wake(deps, consumer, table).catch(noneAfter('streams were not woken', consumer)),
    })),
  );
  const swept: Swept[] = [];
  const left: string[] = [];
  for (const { consumer, table, woken: count } of inTurn(woken, clock.now())) {
    const isLate = clock.elapsedMs() >= endMs;
    if (isLate) left.push(consumer);
    const tidying = isLate ? Promise.resolve(0) : tidy(table, queue, deadLetterQueue(consumer));
    const tidied = await tidying.catch(noneAfter('dead letters were not tidied', consumer));
    // Nothing to do, nine times a minute, is nothing to tell.
    logger[count + tidied > 0 ? 'info' : 'debug']('swept', { consumer, woken: count, tidied });
    swept.push({ consumer, woken: count, tidied });
  }
  if (left.length > 0) logger.info('not tidied for want of time: next minute', { consumers: left.join(', ') });
  if (failures.length > 0) throw failures[0];
  return swept;
}

/** All of them, another one first each time. */
function inTurn<Item>(items: readonly Item[], now: Date): readonly Item[] {
  const first = Math.floor(now.getTime() / turnMs) % items.length;
  return [...items.slice(first), ...items.slice(0, first)];
}

type Table = SweepDeps['tables'][string];

async function wake({ publisher, clock }: SweepDeps, consumer: string, table: Table): Promise<number> {
  const now = clock.now();
  const due = await table.readDue(new Date(now.getTime() - graceMs), maxWoken);
  for (const { stream, head, revision, attempts } of due) {
    const hint = { stream, revision: head > revision ? head : revision, attempt: attempts };
    await publisher.publish(toRetryHint(consumer, hint, 0, now));
  }
  return due.length;
}

/**
 * Removes what is no dead letter any more, and tells how many it were. Operators do not see what is looked at meanwhile: rows are
 * read in between, and a second look is taken only where something is to go.
 */
async function tidy(table: Pick<Table, 'load'>, queue: DeadLetterQueue, name: string): Promise<number> {
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
