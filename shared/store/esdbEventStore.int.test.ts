import { randomUUID } from 'node:crypto';
import { type AddressInfo, createServer, type Socket } from 'node:net';
import { setTimeout } from 'node:timers/promises';
import { binaryEvent, EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import streamsGrpc from '@eventstore/db-client/generated/streams_grpc_pb.js';
import { Metadata, Server, ServerCredentials, type ServerWritableStream, status } from '@grpc/grpc-js';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { startEventStore } from '../../infra/local/eventStore/startEventStore.ts';
import type { RunningServer } from '../../infra/local/program.ts';
import { lazy } from '../kernel/lazy.ts';
import { newEvent } from '../testing/builders.ts';
import { orderAggregate } from './aggregates.ts';
import { createEsdbEventStore } from './esdbEventStore.ts';
import { describeEventStore } from './eventStore.contract.ts';
import type { EventStore } from './eventStore.ts';
import { loadState } from './handleCommand.ts';

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

describe('what others have written into a stream', () => {
  const ours = (stream: string) => newEvent(stream, { n: 1 });

  test('is told in its place, as no event of ours, and what is ours around it is read as ever', async () => {
    const stream = `thing-${randomUUID()}`;
    await client.appendToStream(stream, [
      jsonEvent({ type: 'Imported', data: { by: 'hand' }, metadata: { tool: 'x' } }),
      binaryEvent({ type: 'Picture', data: Uint8Array.of(1, 2, 3) }),
    ]);
    await store.append(stream, [ours(stream)], 1n);
    const events = await Array.fromAsync(store.read(stream));
    expect(events.map(({ type, revision, malformed }) => [type, revision, malformed])).toEqual([
      [
        'Imported',
        0n,
        `metadata of Imported at ${stream}@0: missing or wrong: $correlationId, $causationId, schemaVersion, occurredAt, actor`,
      ],
      ['Picture', 1n, `data of Picture at ${stream}@1 is not a JSON object`],
      ['Happened', 2n, undefined],
    ]);
  });

  test('is skipped by its type when a state is loaded, and refused where it goes by a type of ours', async () => {
    const orderId = '0b6f0a44-0f2c-5d7e-9f55-6b4f3f0a1c11';
    const [foreign, forged] = [`order-${randomUUID()}`, `order-${randomUUID()}`];
    await client.appendToStream(foreign, jsonEvent({ type: 'Imported', data: {} }));
    await client.appendToStream(forged, jsonEvent({ type: 'OrderConfirmed', data: { orderId } }));
    await expect(loadState(store, orderAggregate, foreign)).resolves.toMatchObject({ revision: 0n });
    await expect(loadState(store, orderAggregate, forged)).rejects.toMatchObject({ code: 'store/malformed-event' });
  });
});

test('a read that was left early holds nothing up when the client ends', async () => {
  const own = EventStoreDBClient.connectionString(process.env['EVENTSTORE_URL'] ?? server?.url ?? '');
  const stream = `order-${randomUUID()}`;
  const reader = createEsdbEventStore(lazy(() => own));
  const events = Array.from({ length: 5 }, (_, n) => newEvent(stream, { n }));
  await reader.append(stream, events, 'no-stream');
  for (let n = 0; n < 50; n += 1) {
    for await (const _ of reader.read(stream)) {
      // Long enough for the rest to come in the meantime, or not: both happen.
      await setTimeout(1);
      break;
    }
  }
  const ended = own.dispose().then(() => 'ended');
  expect(await Promise.race([ended, setTimeout(5_000, 'held up', { ref: false })])).toBe('ended');
});

describe('a node that follows', () => {
  /** Answers reads as a follower of a cluster does that has everything but the newest events: none here. */
  let follower: Server;
  let port: number;
  let asked: number;
  beforeAll(async () => {
    const { hostname, port: leaderPort } = new URL(
      (process.env['EVENTSTORE_URL'] ?? server?.url ?? '').replace(/^\w+:/, 'http:'),
    );
    follower = new Server();
    follower.addService(streamsGrpc.StreamsService, {
      read(call: ServerWritableStream<unknown, unknown>) {
        asked += 1;
        if (call.metadata.get('requires-leader')[0] !== 'true') {
          call.end();
          return;
        }
        const metadata = new Metadata();
        metadata.set('exception', 'not-leader');
        metadata.set('leader-endpoint-host', hostname);
        metadata.set('leader-endpoint-port', leaderPort);
        call.emit('error', { code: status.NOT_FOUND, details: 'Leader info available', metadata });
      },
    } as never);
    port = await new Promise((resolve, reject) => {
      const listening = (error: Error | null, bound: number) => (error ? reject(error) : resolve(bound));
      follower.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), listening);
    });
  });
  afterAll(() => follower.forceShutdown());

  test('is not believed: the read fails, and the next one goes to the leader that it names', async () => {
    asked = 0;
    const stream = `order-${randomUUID()}`;
    await store.append(stream, [newEvent(stream, { n: 1 })], 'no-stream');
    const made: EventStoreDBClient[] = [];
    const misled = createEsdbEventStore(
      lazy(() => {
        const own = EventStoreDBClient.connectionString(`esdb://127.0.0.1:${port}?tls=false`);
        made.push(own);
        return own;
      }),
    );
    const read = () => Array.fromAsync(misled.read(stream));
    await expect(read()).rejects.toMatchObject({
      code: 'store/unavailable',
      message: expect.stringContaining('Leader'),
    });
    expect(await read()).toMatchObject([{ stream, revision: 0n }]);
    expect([asked, made.length]).toEqual([1, 1]);
    await made[0]?.dispose();
  });
});

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
