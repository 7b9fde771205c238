import type { Cursor, Cursors } from '../../shared/broker/cursors.ts';
import type { createInMemoryDeadLetterQueue } from '../../shared/broker/inMemoryDeadLetterQueue.ts';
import { consumers, deadLetterQueue } from '../../shared/broker/topology.ts';
import { categoryOf, type EventStore } from '../../shared/store/eventStore.ts';
import { readHeads } from './streams.ts';

/** A consumer that has not applied a stream to its end. */
export interface Laggard {
  readonly name: string;
  readonly stream: string;
  readonly head: bigint;
  readonly row: Cursor<unknown> | undefined;
}

export async function readLaggards(
  store: EventStore,
  tables: Readonly<Record<string, Pick<Cursors<unknown>, 'load'>>>,
): Promise<readonly Laggard[]> {
  const laggards: Laggard[] = [];
  for (const [stream, head] of await readHeads(store)) {
    for (const { name, categories } of Object.values(consumers)) {
      if (!(categories as readonly string[]).includes(categoryOf(stream))) continue;
      const row = (await tables[name]?.load([stream]))?.get(stream);
      if ((row?.revision ?? -1n) < head) laggards.push({ name, stream, head, row });
    }
  }
  return laggards;
}

/** When all is quiet and no message was lost, who lags behind is known to: its row waits or is blocked, or there is a dead letter of it. */
export function expectRemembered(
  laggards: readonly Laggard[],
  deadLetters: ReturnType<typeof createInMemoryDeadLetterQueue>,
): void {
  for (const { name, stream, head, row } of laggards) {
    const letters = deadLetters.messages(deadLetterQueue(name));
    const isTold = letters.some(({ headers }) => headers['stream'] === stream);
    if (isTold || (row && row.status !== 'ready')) continue;
    throw new Error(`${name} is ready at ${row?.revision} of ${stream}, which goes on to ${head}`);
  }
}
