import { type ChildProcess, spawn } from 'node:child_process';
import { EventEmitter, once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { EventStoreDBClient } from '@eventstore/db-client';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { connect } from 'amqplib';
import { type RunningBroker, startBroker } from '../../../infra/local/broker/startBroker.ts';
import { type RunningEventStore, startEventStore } from '../../../infra/local/eventStore/startEventStore.ts';
import { applyTopology } from '../../../shared/broker/amqpTopology.ts';
import { lazy } from '../../../shared/kernel/lazy.ts';
import { createEsdbEventStore } from '../../../shared/store/esdbEventStore.ts';
import { newEvent } from '../../../shared/testing/builders.ts';
import { type LocalDynamo, startLocalDynamo } from '../../../tests/setup/localDynamo.ts';

let store: RunningEventStore;
let broker: RunningBroker;
let dynamo: LocalDynamo;
const running: ChildProcess[] = [];

beforeAll(async () => {
  [store, broker, dynamo] = await Promise.all([startEventStore(), startBroker(), startLocalDynamo()]);
});
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
});
afterAll(async () => {
  await Promise.all([store.stop(), broker.stop(), dynamo.stop()]);
});

/** The relay as its container starts it. */
function startRelay(changes: Readonly<Record<string, string | undefined>> = {}) {
  const env = {
    PATH: process.env['PATH'],
    EVENTSTORE_URL: store.url,
    RABBITMQ_URL: broker.url,
    DYNAMODB_ENDPOINT: dynamo.url,
    TABLE_PREFIX: dynamo.prefix,
    AWS_REGION: 'eu-west-1',
    AWS_ACCESS_KEY_ID: 'local',
    AWS_SECRET_ACCESS_KEY: 'local',
    ...changes,
  };
  const child = spawn(process.execPath, [new URL('main.ts', import.meta.url).pathname], { env });
  running.push(child);
  const out = { stdout: '', stderr: '' };
  const said = new EventEmitter();
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].on('data', (text) => {
      out[name] += text;
      said.emit('more');
    });
  }
  return {
    out,
    ended: once(child, 'close').then(([code]) => ({ code, ...out })),
    stop: () => child.kill('SIGTERM'),
    async untilSaid(words: RegExp) {
      while (!words.test(out.stdout) && !words.test(out.stderr)) await once(said, 'more');
    },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

const changed = (url: string, change: (parsed: URL) => void): string => {
  const parsed = new URL(url);
  change(parsed);
  return parsed.href;
};

describe('settings that no waiting mends end it at once, with one line', () => {
  test.each<[string, () => Record<string, string | undefined>, RegExp]>([
    [
      'all that are missing',
      () => ({ EVENTSTORE_URL: undefined, RABBITMQ_URL: undefined, TABLE_PREFIX: undefined }),
      /^relay: .*EVENTSTORE_URL.*RABBITMQ_URL.*TABLE_PREFIX.*\n$/,
    ],
    [
      'an address of something else',
      () => ({ RABBITMQ_URL: 'http://localhost' }),
      /^relay: RABBITMQ_URL is no address .*\n$/,
    ],
    [
      'an image of another commit',
      () => ({ RELAY_CATEGORIES: 'order,refund' }),
      /^relay: RELAY_CATEGORIES names refund, which this image does not publish.*\n$/,
    ],
    [
      'no connection string',
      () => ({ EVENTSTORE_URL: 'nonsense' }),
      /^relay: EVENTSTORE_URL is no connection string.*\n$/,
    ],
    [
      'a wrong password',
      () => ({ RABBITMQ_URL: changed(broker.url, (url) => (url.password = 'secret')) }),
      /^relay: 127\.0\.0\.1:\d+ refuses user 'guest': correct name and password in RABBITMQ_URL\n$/,
    ],
    [
      'a virtual host that is not there',
      () => ({ RABBITMQ_URL: changed(broker.url, (url) => (url.pathname = '/nobodys')) }),
      /^relay: .* has no virtual host 'nobodys' .*\n$/,
    ],
    [
      'a lease of no length',
      () => ({ RELAY_TAKE_OVER_MS: '5' }),
      /^relay: RELAY_TAKE_OVER_MS is "5", expected a whole number from 500 to 60000\n$/,
    ],
  ])('%s', async (_, changes, line) => {
    const { code, stderr, stdout } = await startRelay(changes()).ended;
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(line) });
    expect(stderr + stdout).not.toContain('secret');
  });
});

describe('what waiting can mend is said and tried again', () => {
  test.each<[string, () => Record<string, string>, RegExp]>([
    [
      'no broker there',
      () => ({ RABBITMQ_URL: changed(broker.url, (url) => (url.port = '1')) }),
      /"broker\/unavailable".*127\.0\.0\.1:1: .*ECONNREFUSED.*RABBITMQ_URL/,
    ],
    [
      'no store there',
      () => ({ EVENTSTORE_URL: 'esdb://127.0.0.1:1?tls=false' }),
      /"store\/unavailable".*127\.0\.0\.1:1.*EVENTSTORE_URL/,
    ],
    ['no table there', () => ({ TABLE_PREFIX: 'nobodys' }), /"table\/unavailable".*nobodys-relay.*TABLE_PREFIX/],
  ])('%s', async (_, changes, line) => {
    const relay = startRelay(changes());
    await relay.untilSaid(line);
    await relay.untilSaid(/"failures":2/);
    relay.stop();
    expect(await relay.ended).toMatchObject({ code: 0 });
  });

  test('one whose broker is down is unhealthy and alive: to start it anew would mend nothing', async () => {
    const port = await freePort();
    const relay = startRelay({
      HEALTH_PORT: String(port),
      RABBITMQ_URL: changed(broker.url, (url) => (url.port = '1')),
    });
    await relay.untilSaid(/"failures":4/);
    const ask = async (path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).status;
    expect([await ask('/'), await ask('/live')]).toEqual([503, 200]);
    relay.stop();
    expect(await relay.ended).toMatchObject({ code: 0 });
  });

  test('no exchange there, until the topology is applied', async () => {
    const client = EventStoreDBClient.connectionString(store.url);
    await createEsdbEventStore(lazy(() => client)).append('order-1', [newEvent('order-1', {})], 'no-stream');
    await client.dispose();
    const relay = startRelay({ LOG_LEVEL: 'DEBUG' });
    await relay.untilSaid(/"broker\/unroutable".*no exchange 'order-events' in vhost '\/': apply the topology/);
    const connection = await connect(broker.url);
    await applyTopology(await connection.createChannel());
    await connection.close();
    await relay.untilSaid(/event published/);
    relay.stop();
    const { code, stdout } = await relay.ended;
    expect(code).toBe(0);
    // The last metrics are not lost with the process.
    expect(stdout).toMatch(/"Namespace":"Waybill".*"service":"relay".*"RelayPublished":1,"RelayHandovers":1,/);
  });
});
