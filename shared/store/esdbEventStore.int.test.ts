import { type AddressInfo, createServer, type Socket } from 'node:net';
import { EventStoreDBClient } from '@eventstore/db-client';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startEventStore } from '../../infra/local/eventStore/startEventStore.ts';
import type { RunningServer } from '../../infra/local/program.ts';
import { lazy } from '../kernel/lazy.ts';
import { newEvent } from '../testing/builders.ts';
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

describe('a server that takes the connection and says nothing', () => {
  const sockets = new Set<Socket>();
  const silent = createServer((socket) => sockets.add(socket));
  let mute: EventStoreDBClient;
  let waiting: EventStore;

  beforeAll(async () => {
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;
    mute = EventStoreDBClient.connectionString(`esdb://127.0.0.1:${port}?tls=false`);
    waiting = createEsdbEventStore(
      lazy(() => mute),
      300,
    );
  });
  afterAll(async () => {
    for (const socket of sockets) socket.destroy();
    await mute.dispose();
    await new Promise((resolve) => silent.close(resolve));
  });

  const outage = { code: 'store/unavailable', isOutage: true };
  const drain = async (items: AsyncIterable<unknown>) => {
    for await (const _ of items);
  };

  test('is an outage to an append', async () => {
    const event = newEvent('order-1', {});
    await expect(waiting.append('order-1', [event], 'no-stream')).rejects.toMatchObject(outage);
  });
  test('is an outage to a read', () => expect(drain(waiting.read('order-1'))).rejects.toMatchObject(outage));
  test('is an outage to a subscription', async () => {
    const { signal } = new AbortController();
    await expect(drain(waiting.readAll({ categories: ['order'], signal }))).rejects.toMatchObject(outage);
  });
  test('is an outage to a look at the end', () => expect(waiting.readHead(['order'])).rejects.toMatchObject(outage));
  test('does not matter to a subscription that was told to end before', () =>
    drain(waiting.readAll({ categories: ['order'], signal: AbortSignal.abort() })));
});

test('a server that is not there: says what to check', async () => {
  const nowhere = EventStoreDBClient.connectionString('esdb://127.0.0.1:1?tls=false');
  const refused = createEsdbEventStore(lazy(() => nowhere)).readHead(['order']);
  await expect(refused).rejects.toMatchObject({
    message: expect.stringMatching(/ECONNREFUSED 127\.0\.0\.1:1.*EVENTSTORE_URL/),
  });
  await nowhere.dispose();
});
