import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { EventStoreDBClient } from '@eventstore/db-client';
import { Fault } from '../kernel/fault.ts';
import type { CloseReason } from '../kernel/lazyConnection.ts';

/** What others may still be reading with a client that was dropped has this long to find out for itself. */
const graceMs = 60_000;

/** `tlsCAFile` after whatever other options there are. Credentials end at the first @, as the client has it. */
function withCaFile(url: string, file: string): string {
  const trimmed = url.trim().replace(/\/+$/, '');
  const isFirst = !trimmed.slice(trimmed.indexOf('@') + 1).includes('?');
  return `${trimmed}${isFirst ? '?' : '&'}tlsCAFile=${encodeURIComponent(file)}`;
}

function connect(url: string): EventStoreDBClient {
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

/** In a folder that nobody else may look into. @throws Fault store/unavailable: there may be room again */
function writeCaFile(ca: string, temporary: string): string {
  try {
    const file = join(mkdtempSync(join(temporary, 'event-store-ca-')), 'ca.crt');
    writeFileSync(file, ca, { mode: 0o600 });
    return file;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Fault('store/unavailable', `the client wants EVENTSTORE_CA as a file: ${reason}`, error);
  }
}

/**
 * @param ca who signed the store's certificates, in PEM, trusted for this client alone; without, whom Node.js trusts
 * @param temporary a folder to write to, for a CA
 * @throws Fault config/invalid when it is no connection string, one that prefers followers, or one without TLS where there is a CA;
 * store/unavailable when nothing can be written
 */
export function openEsdbClient(url: string, ca?: string, temporary = tmpdir()): EventStoreDBClient {
  if (/[?&]nodePreference=(?!leader(&|$))/i.test(url)) {
    const why = 'streams are read from the leader alone, since what a follower does not have yet would be decided on';
    throw new Fault('config/invalid', `EVENTSTORE_URL names a nodePreference other than leader: ${why}; leave it out`);
  }
  if (ca === undefined) return connect(url);
  if (/[?&]tls=false/i.test(url)) {
    throw new Fault('config/invalid', 'EVENTSTORE_URL says tls=false, and EVENTSTORE_CA is set: leave one of them out');
  }
  const file = writeCaFile(ca, temporary);
  try {
    return connect(withCaFile(url, file));
  } finally {
    // The client has read it: it does so before it returns, and never again.
    rmSync(dirname(file), { recursive: true });
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
