import { describeEventStoreServer } from './server.contract.ts';
import { startEventStore } from './startEventStore.ts';

describeEventStoreServer('the local event store', () => startEventStore());

const realServer = process.env['EVENTSTORE_URL'];
if (realServer) {
  describeEventStoreServer('EventStoreDB', async () => ({ url: realServer, stop: () => Promise.resolve() }));
}
