import { BACKWARDS, END, type EventStoreDBClient } from '@eventstore/db-client';
import { leave, untilLeft } from './esdbReading.ts';
import { categoryOf, type Position } from './eventStore.ts';

/** Records that are looked at; a server tells a filtered subscription at least this often how far it has come. */
const lookBack = 256;

/** Where the newest event of the categories stands among the store's last records; undefined when none of them is one. */
export async function readEsdbHead(
  client: EventStoreDBClient,
  categories: readonly string[],
  timeoutMs: number,
): Promise<Position | undefined> {
  const reading = client.readAll({ direction: BACKWARDS, fromPosition: END, maxCount: lookBack, requiresLeader: true });
  const timer = setTimeout(() => reading.destroy(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
  let isOver = false;
  try {
    for await (const { event } of untilLeft(reading)) {
      if (event && categories.includes(categoryOf(event.streamId))) return event.position;
    }
    isOver = true;
    return undefined;
  } finally {
    clearTimeout(timer);
    if (!isOver) await leave(reading);
  }
}
