import { EventStoreDBClient } from '@eventstore/db-client';
import { afterAll, beforeAll } from '@jest/globals';
import { startEventStore } from '../../infra/local/eventStore/startEventStore.ts';
import type { RunningServer } from '../../infra/local/program.ts';
import { lazy } from '../kernel/lazy.ts';
import { createEsdbEventStore } from './esdbEventStore.ts';
import { describeEventStore } from './eventStore.contract.ts';
import type { EventStore } from './eventStore.ts';

let server: RunningServer | undefined;
let client: EventStoreDBClient;
let store: EventStore;

beforeAll(async () => {
  const given = process.env['EVENTSTORE_URL'];
  if (given === undefined) server = await startEventStore();
  client = EventStoreDBClient.connectionString(given ?? server?.url ?? '');
  store = createEsdbEventStore(lazy(() => client));
});

afterAll(async () => {
  await client.dispose();
  await server?.stop();
});

describeEventStore('EventStoreDB', () => store);
