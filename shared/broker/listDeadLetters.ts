import { type Fault, isFault } from '../kernel/fault.ts';
import type { Cursor, Cursors, UnsettledStreams } from './cursors.ts';
import {
  type DeadLetter,
  isMessageCause,
  isMessageId,
  isOfStream,
  toBlockedStream,
  toStrandedMessage,
  toStreamOf,
} from './deadLetter.ts';
import type { DeadLetterQueue } from './deadLetterQueue.ts';
import { deadLetterQueue } from './topology.ts';

/** Dead letters of one consumer that one look sees, of each kind. */
export const maxLooked = 10_000;

/** Which dead letters are meant. */
export interface Selection {
  readonly consumer?: string | undefined;
  readonly id?: string | undefined;
  readonly cause?: string | undefined;
  /** Those that failed last before this; ISO 8601. What a redrive has brought back failed later. */
  readonly failedBefore?: string | undefined;
}

export interface DeadLetterSources {
  /** Rows of each consumer, by its name. */
  readonly tables: Readonly<Record<string, UnsettledStreams & Pick<Cursors<unknown>, 'load'>>>;
  readonly queue: DeadLetterQueue;
}

export interface Listing {
  /** Each once, the oldest first. */
  readonly letters: readonly DeadLetter[];
  /** False where some consumer has as many as one look sees, or a queue was not seen: there may be more. */
  readonly isComplete: boolean;
  /** Why a queue could not be looked into: messages that lie there are missing, what rows tell is not. */
  readonly queueFault?: Fault;
}

const isSelected = ({ id, cause, failedBefore }: Selection, letter: DeadLetter): boolean =>
  (id === undefined || letter.id === id) &&
  (cause === undefined || letter.cause === cause) &&
  (failedBefore === undefined || letter.lastFailedAt < failedBefore);

/** A dead letter's id begins with its consumer's name. */
const consumersOf = (tables: DeadLetterSources['tables'], { consumer, id }: Selection): readonly string[] =>
  Object.keys(tables).filter(
    (name) => (consumer === undefined || name === consumer) && (id === undefined || id.startsWith(`${name}/`)),
  );

/** One that is named is read by its key. */
async function readRows(
  table: DeadLetterSources['tables'][string] | undefined,
  consumer: string,
  { id }: Selection,
): Promise<readonly Cursor<unknown>[]> {
  if (!table) return [];
  if (id === undefined) return table.readBlocked(maxLooked);
  const stream = toStreamOf(consumer, id);
  if (stream === undefined) return [];
  return [...(await table.load([stream])).values()].filter(({ status }) => status === 'blocked');
}

/**
 * What is told of blocked streams is told by their rows: the queue, which may be deep, is looked into only where a message may be
 * meant that has none.
 */
const maySelectMessages = (consumer: string, { id, cause }: Selection): boolean =>
  (id === undefined || isMessageId(consumer, id)) && (cause === undefined || isMessageCause(cause));

/**
 * Every dead letter that is selected, as far as one look at each consumer sees. Rows are told of without the broker too.
 *
 * @throws Fault table/unavailable
 */
export async function listDeadLetters(
  { tables, queue }: DeadLetterSources,
  selection: Selection = {},
): Promise<Listing> {
  let isComplete = true;
  let queueFault: Fault | undefined;
  const noteFault = (error: unknown): void => {
    if (!isFault(error)) throw error;
    queueFault ??= error;
    isComplete = false;
  };
  const ofEach = await Promise.all(
    consumersOf(tables, selection).map(async (consumer): Promise<readonly DeadLetter[]> => {
      const stranded: DeadLetter[] = [];
      const [rows] = await Promise.all([
        readRows(tables[consumer], consumer, selection),
        maySelectMessages(consumer, selection) &&
          queue
            .look(deadLetterQueue(consumer), maxLooked, async (messages) => {
              for (const message of messages)
                if (!isOfStream(message)) stranded.push(toStrandedMessage(consumer, message));
              if (messages.length >= maxLooked) isComplete = false;
              return messages.map(() => 'keep');
            })
            .catch(noteFault),
      ]);
      if (rows.length >= maxLooked) isComplete = false;
      return [...rows.map((row) => toBlockedStream(consumer, row)), ...stranded];
    }),
  );
  const byId = new Map(ofEach.flat().map((letter) => [letter.id, letter]));
  const letters = [...byId.values()]
    .filter((letter) => isSelected(selection, letter))
    .toSorted((a, b) => (a.lastFailedAt < b.lastFailedAt ? -1 : 1));
  return { letters, isComplete, ...(queueFault && { queueFault }) };
}

/** How many dead letters have one cause. */
export interface CauseCount {
  readonly consumer: string;
  readonly cause: string;
  readonly count: number;
  readonly firstFailedAt: string;
  readonly lastFailedAt: string;
}

/** The causes of these dead letters, the most frequent first. */
export function countCauses(letters: readonly DeadLetter[]): readonly CauseCount[] {
  const groups = Map.groupBy(letters, ({ consumer, cause }) => `${consumer} ${cause}`);
  const extreme = (of: readonly DeadLetter[], pick: (letter: DeadLetter) => string, last: boolean): string =>
    of
      .map(pick)
      .toSorted()
      .at(last ? -1 : 0) ?? '';
  return [...groups.values()]
    .flatMap((group) => {
      const [first] = group;
      if (!first) return [];
      const { consumer, cause } = first;
      const firstFailedAt = extreme(group, (letter) => letter.firstFailedAt, false);
      const lastFailedAt = extreme(group, (letter) => letter.lastFailedAt, true);
      return { consumer, cause, count: group.length, firstFailedAt, lastFailedAt };
    })
    .toSorted((a, b) => b.count - a.count);
}
