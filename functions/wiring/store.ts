import { EventStoreDBClient } from '@eventstore/db-client';
import { systemClock } from '../../shared/kernel/clock.ts';
import { lazy } from '../../shared/kernel/lazy.ts';
import { createEsdbEventStore } from '../../shared/store/esdbEventStore.ts';
import type { EventStore } from '../../shared/store/eventStore.ts';
import { createLoggedEventStore } from '../../shared/store/loggedEventStore.ts';
import { configOf, loggerFor } from './config.ts';

const store = createEsdbEventStore(
  lazy(() => EventStoreDBClient.connectionString(configOf('EVENTSTORE_URL').EVENTSTORE_URL)),
);

/** Connects on first use; what is appended is logged under the function's name. */
export const storeFor = (service: string): EventStore =>
  createLoggedEventStore(store, { logger: loggerFor(service), clock: systemClock });
