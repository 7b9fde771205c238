import type { UnsettledStreams } from './cursors.ts';
import { type DeadLetter, isOfStream, toBlockedStream, toStrandedMessage } from './deadLetter.ts';
import type { DeadLetterQueue } from './deadLetterQueue.ts';
import { deadLetterQueue } from './topology.ts';

/** Dead letters of one consumer that one look sees, of each kind. */
export const maxLooked = 10_000;

/** Which dead letters are meant. */
export interface Selection {
  readonly consumer?: string | undefined;
  readonly id?: string | undefined;
  readonly cause?: string | undefined;
}

export interface DeadLetterSources {
  /** Rows of each consumer, by its name. */
  readonly tables: Readonly<Record<string, UnsettledStreams>>;
  readonly queue: DeadLetterQueue;
}

const isSelected = ({ id, cause }: Selection, letter: DeadLetter): boolean =>
  (id === undefined || letter.id === id) && (cause === undefined || letter.cause === cause);

/** A dead letter's id begins with its consumer's name. */
const consumersOf = (tables: DeadLetterSources['tables'], { consumer, id }: Selection): readonly string[] =>
  Object.keys(tables).filter(
    (name) => (consumer === undefined || name === consumer) && (id === undefined || id.startsWith(`${name}/`)),
  );

/**
 * Every dead letter that is selected, each once, the oldest first.
 *
 * @throws Fault table/unavailable, broker/unavailable
 */
export async function listDeadLetters(
  { tables, queue }: DeadLetterSources,
  selection: Selection = {},
): Promise<readonly DeadLetter[]> {
  const ofEach = await Promise.all(
    consumersOf(tables, selection).map(async (consumer): Promise<readonly DeadLetter[]> => {
      const stranded: DeadLetter[] = [];
      const [rows] = await Promise.all([
        tables[consumer]?.readBlocked(maxLooked) ?? [],
        queue.look(deadLetterQueue(consumer), maxLooked, async (messages) => {
          for (const message of messages) if (!isOfStream(message)) stranded.push(toStrandedMessage(consumer, message));
          return messages.map(() => 'keep');
        }),
      ]);
      return [...rows.map((row) => toBlockedStream(consumer, row)), ...stranded];
    }),
  );
  const byId = new Map(ofEach.flat().map((letter) => [letter.id, letter]));
  return [...byId.values()]
    .filter((letter) => isSelected(selection, letter))
    .toSorted((a, b) => (a.lastFailedAt < b.lastFailedAt ? -1 : 1));
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
