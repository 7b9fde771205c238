import { EventStoreDBClient } from '@eventstore/db-client';
import { systemClock } from '../../shared/kernel/clock.ts';
import { Fault } from '../../shared/kernel/fault.ts';
import { lazy } from '../../shared/kernel/lazy.ts';
import { createEsdbEventStore } from '../../shared/store/esdbEventStore.ts';
import type { EventStore } from '../../shared/store/eventStore.ts';
import { createLoggedEventStore } from '../../shared/store/loggedEventStore.ts';
import { configOf, loggerFor } from './config.ts';

/** What others may still be reading with a client that was dropped has this long to find out for itself. */
const graceMs = 60_000;

function connect(): EventStoreDBClient {
  const { EVENTSTORE_URL } = configOf('EVENTSTORE_URL');
  try {
    return EventStoreDBClient.connectionString(EVENTSTORE_URL);
  } catch {
    // Without the client's own error: it shows where it stumbled, password and all.
    throw new Fault(
      'config/invalid',
      'EVENTSTORE_URL is no connection string: esdb://[user:password@]host:port[?tls=false]',
    );
  }
}

const store = createEsdbEventStore(
  lazy(connect, (client) => {
    setTimeout(() => client.dispose().catch(() => undefined), graceMs).unref();
  }),
);

/** Connects on first use; what is appended is logged under the function's name. */
export const storeFor = (service: string): EventStore =>
  createLoggedEventStore(store, { logger: loggerFor(service), clock: systemClock });
