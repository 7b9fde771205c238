import { EventStoreDBClient } from '@eventstore/db-client';
import { Fault } from '../kernel/fault.ts';
import type { CloseReason } from '../kernel/lazyConnection.ts';

/** What others may still be reading with a client that was dropped has this long to find out for itself. */
const graceMs = 60_000;

/** @throws Fault config/invalid when it is no connection string */
export function openEsdbClient(url: string): EventStoreDBClient {
  try {
    return EventStoreDBClient.connectionString(url);
  } catch {
    // Without the client's own error: it shows where it stumbled, password and all.
    throw new Fault(
      'config/invalid',
      'EVENTSTORE_URL is no connection string: esdb://[user:password@]host:port[?tls=false]',
    );
  }
}

/**
 * Ends a client's calls and its connection. The client's own `dispose` leaves the connection to gRPC, which shares it with
 * every other client of the same address: a dead one would be the next client's as well.
 */
export async function closeEsdbClient(client: EventStoreDBClient, reason: CloseReason): Promise<void> {
  if (reason === 'dropped') {
    setTimeout(() => void end(client), graceMs).unref();
    return;
  }
  await end(client);
}

async function end(client: EventStoreDBClient): Promise<void> {
  // The client's types hide it.
  const { getChannel } = client as unknown as { readonly getChannel: () => Promise<{ close(): void }> };
  await getChannel().then(
    (channel) => channel.close(),
    () => undefined,
  );
  await client.dispose().catch(() => undefined);
}
