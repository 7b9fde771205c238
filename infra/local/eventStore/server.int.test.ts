import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeEventStoreServer } from './server.contract.ts';
import { startEventStore } from './startEventStore.ts';

describeEventStoreServer('the local event store', () => startEventStore({ startsStandardProjections: true }));

describeEventStoreServer('the local event store on disk', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'event-store-'));
  const server = await startEventStore({ directory, startsStandardProjections: true });
  return {
    url: server.url,
    async stop() {
      await server.stop();
      rmSync(directory, { recursive: true });
    },
  };
});

const realServer = process.env['EVENTSTORE_URL'];
if (realServer) {
  describeEventStoreServer('EventStoreDB', async () => ({ url: realServer, stop: () => Promise.resolve() }));
}
