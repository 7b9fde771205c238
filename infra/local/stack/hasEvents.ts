import { lazy } from '../../../shared/kernel/lazy.ts';
import { createEsdbEventStore } from '../../../shared/store/esdbEventStore.ts';

/** Whether the store holds an event of one of these categories. @throws when it does not answer */
export async function hasEvents(eventStore: string, categories: readonly string[]): Promise<boolean> {
  const { EventStoreDBClient } = await import('@eventstore/db-client');
  const client = EventStoreDBClient.connectionString(eventStore);
  const done = new AbortController();
  try {
    const batches = createEsdbEventStore(lazy(() => client)).readAll({ categories, signal: done.signal });
    for await (const batch of batches) {
      if (batch.some(({ kind }) => kind === 'event' || kind === 'malformed')) return true;
      if (batch.some(({ kind }) => kind === 'caught-up')) return false;
    }
    return false;
  } finally {
    done.abort();
    await client.dispose().catch(() => {});
  }
}
