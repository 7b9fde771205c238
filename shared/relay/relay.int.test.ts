import { EventStoreDBClient } from '@eventstore/db-client';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { connect } from 'amqplib';
import { type RunningBroker, startBroker } from '../../infra/local/broker/startBroker.ts';
import { type RunningEventStore, startEventStore } from '../../infra/local/eventStore/startEventStore.ts';
import { createAmqpPublisher } from '../broker/amqpPublisher.ts';
import { applyTopology } from '../broker/amqpTopology.ts';
import { systemClock } from '../kernel/clock.ts';
import { lazy } from '../kernel/lazy.ts';
import { silentLogger } from '../observe/logger.ts';
import { silentMetrics } from '../observe/metrics.ts';
import { createEsdbEventStore } from '../store/esdbEventStore.ts';
import { newEvent } from '../testing/builders.ts';
import { createInMemoryLeaseRow } from './inMemoryLease.ts';
import { describeRelay } from './relay.contract.ts';
import { runRelay } from './relay.ts';
import { createRelayStatus } from './status.ts';

const realBroker = process.env['RABBITMQ_TEST_URL'];

let broker: RunningBroker;
let server: RunningEventStore;
let client: EventStoreDBClient;
beforeAll(async () => {
  broker = await startBroker();
});
// A store of its own for each test: the relay publishes all that is in it.
beforeEach(async () => {
  server = await startEventStore();
  client = EventStoreDBClient.connectionString(server.url);
});
afterEach(async () => {
  await client.dispose();
  await server.stop();
});
afterAll(() => broker.stop());

const makeStore = () => createEsdbEventStore(lazy(() => client));

describeRelay('local broker', () => broker.url, makeStore);
if (realBroker !== undefined) describeRelay('RabbitMQ', () => realBroker, makeStore);

test('a broker that is out of memory holds the relay up, and loses nothing', async () => {
  const connection = await connect(broker.url);
  await applyTopology(await connection.createChannel());
  const store = makeStore();
  const publisher = createAmqpPublisher(broker.url, 'relay');
  const status = createRelayStatus();
  const stop = new AbortController();
  const lease = createInMemoryLeaseRow(systemClock).newLease();
  const deps = { store, publisher, lease, clock: systemClock, logger: silentLogger, metrics: silentMetrics };
  const running = runRelay(deps, stop.signal, {}, status);
  const until = async (isReached: () => boolean) => {
    while (!isReached()) await systemClock.sleep(5);
  };
  await store.append('order-1', [newEvent('order-1', {})], 'no-stream');
  await until(() => status.published === 1);

  broker.blockPublishers('memory');
  const events = Array.from({ length: 500 }, (_, n) => newEvent('order-2', { n }));
  await store.append('order-2', events, 'no-stream');
  await until(() => status.pausedSinceMs !== undefined);
  broker.unblockPublishers();
  await until(() => status.published === 501);
  expect(status).toMatchObject({ failuresInAll: 0, pausedSinceMs: undefined });
  stop.abort();
  await running;
  await publisher.close();
  await connection.close();
});
