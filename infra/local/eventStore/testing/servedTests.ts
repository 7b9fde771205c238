import type { EventStoreDBClient } from '@eventstore/db-client';
import { afterAll, beforeAll } from '@jest/globals';
import { type EventStoreOptions, type RunningEventStore, startEventStore } from '../startEventStore.ts';
import { openRawCalls, type RawCalls } from './rawCalls.ts';
import { connect } from './subject.ts';

/** A server with the official client, and calls no client would make. */
export interface Served {
  readonly server: RunningEventStore;
  readonly client: EventStoreDBClient;
  readonly raw: RawCalls;
}

/** Has a server run during the tests of a file or of a `describe`. What is returned tells of it once they run. */
export function servedTests(options: EventStoreOptions = {}): () => Served {
  let served: Served | undefined;
  beforeAll(async () => {
    const server = await startEventStore(options);
    served = { server, client: connect(server.url), raw: openRawCalls(server.url) };
  });
  afterAll(async () => {
    served?.raw.close();
    await served?.client.dispose();
    await served?.server.stop();
  });
  return () => {
    if (!served) throw new Error('a server runs only while tests do');
    return served;
  };
}
