import type { EventStore, StoredEvent } from '../../shared/store/eventStore.ts';

/** Of the business' streams. */
export const categories: readonly string[] = ['order', 'payment', 'shipment', 'fulfilment', 'stock'];

/** The last revision of every stream of the business. */
export async function readHeads(store: EventStore): Promise<ReadonlyMap<string, bigint>> {
  const heads = new Map<string, bigint>();
  for (const [stream, events] of await readStreams(store)) heads.set(stream, BigInt(events.length - 1));
  return heads;
}

/** Every stream of the business, with its events. */
export async function readStreams(store: EventStore): Promise<ReadonlyMap<string, readonly StoredEvent[]>> {
  const events: StoredEvent[] = [];
  const stop = new AbortController();
  for await (const batch of store.readAll({ categories, signal: stop.signal })) {
    if (batch.some(({ kind }) => kind === 'caught-up')) break;
    for (const item of batch) if (item.kind === 'event') events.push(item.event);
  }
  return Map.groupBy(events, ({ stream }) => stream);
}
