import { EventStoreDBClient } from '@eventstore/db-client';
import { lazy } from '../../shared/kernel/lazy.ts';
import { createEsdbEventStore } from '../../shared/store/esdbEventStore.ts';
import { configOf } from './config.ts';

/** Connects on first use. */
export const store = createEsdbEventStore(
  lazy(() => EventStoreDBClient.connectionString(configOf('EVENTSTORE_URL').EVENTSTORE_URL)),
);
