import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AccessDeniedError,
  EventStoreDBClient,
  persistentSubscriptionToStreamSettingsFromDefaults,
} from '@eventstore/db-client';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type RunningEventStore, startEventStore } from '../startEventStore.ts';
import { collect, freshName, numbered } from '../testing/subject.ts';

let directory: string;
let server: RunningEventStore;
const clients: EventStoreDBClient[] = [];

/** Connects as a user, or as nobody. */
function as(user?: string, password = 'changeit'): EventStoreDBClient {
  const credentials = user === undefined ? '' : `${user}:${password}@`;
  const address = `esdb://${credentials}127.0.0.1:${server.port}?tls=true&tlsCAFile=${join(directory, 'cert.pem')}`;
  const client = EventStoreDBClient.connectionString(address);
  clients.push(client);
  return client;
}

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'event-store-tls-'));
  const [key, cert] = [join(directory, 'key.pem'), join(directory, 'cert.pem')];
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const files = ['-keyout', key, '-out', cert];
  execFileSync('openssl', ['req', '-x509', '-newkey', 'rsa:2048', '-nodes', '-days', '2', ...files, ...subject], {
    stdio: 'ignore',
  });
  server = await startEventStore({ isSecure: true, certificateFile: cert, privateKeyFile: key });
});
afterAll(async () => {
  await Promise.all(clients.map((client) => client.dispose()));
  await server.stop();
  rmSync(directory, { recursive: true });
});

const thrown = (promise: Promise<unknown>): Promise<unknown> => promise.catch((error: unknown) => error);

test('ordinary streams are open to everybody, over TLS', async () => {
  const name = freshName();
  await as().appendToStream(name, numbered(1));
  expect(await collect(as('ops').readStream(name))).toHaveLength(1);
});

test('wrong credentials are refused', async () => {
  for (const client of [as('admin', 'wrong'), as('nobody')]) {
    expect(await thrown(client.appendToStream(freshName(), numbered(1)))).toBeInstanceOf(AccessDeniedError);
    expect(await thrown(collect(client.readAll({ maxCount: 1 })))).toBeInstanceOf(AccessDeniedError);
  }
});

test('$all and system streams are for administrators', async () => {
  expect(await thrown(collect(as().readAll({ maxCount: 1 })))).toBeInstanceOf(AccessDeniedError);
  expect(await thrown(collect(as('ops').readStream('$projections-$all')))).toBeInstanceOf(AccessDeniedError);
  expect(await collect(as('admin').readAll({ maxCount: 1 }))).toHaveLength(1);
});

test('the access list of a stream says who may read, write and delete it', async () => {
  const name = freshName();
  const admin = as('admin');
  await admin.appendToStream(name, numbered(1));
  const acl = {
    readRoles: ['ops'],
    writeRoles: ['$admins'],
    deleteRoles: ['$admins'],
    metaReadRoles: ['$admins'],
    metaWriteRoles: ['$admins'],
  };
  await admin.setStreamMetadata(name, { acl });
  expect(await collect(as('ops').readStream(name))).toHaveLength(1);
  const credentials = { username: 'ops', password: 'changeit' };
  for (const attempt of [
    () => collect(as().readStream(name)),
    () => as('ops').appendToStream(name, numbered(1)),
    () => as().appendToStream(name, numbered(1), { credentials }),
    () => as('ops').deleteStream(name),
    () => as('ops').getStreamMetadata(name),
    () => as('ops').setStreamMetadata(name, {}),
  ]) {
    expect(await thrown(attempt())).toBeInstanceOf(AccessDeniedError);
  }
  await admin.deleteStream(name);
});

test('an event posted over plain HTTP needs the same right as one appended', async () => {
  const ca = readFileSync(join(directory, 'cert.pem'));
  const post = (name: string, authorization?: string): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const headers = { 'es-eventtype': 'T', ...(authorization && { authorization }) };
      const options = { host: '127.0.0.1', port: server.port, path: `/streams/${name}`, method: 'POST', headers, ca };
      const sent = request(options, (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      sent.on('error', reject);
      sent.end('{}');
    });
  const basic = (credentials: string): string => `Basic ${Buffer.from(credentials).toString('base64')}`;
  const name = freshName();
  await as('admin').setStreamMetadata(name, { acl: { writeRoles: ['ops'] } });
  expect(await post(name)).toBe(401);
  expect(await post(name, basic('ops:wrong'))).toBe(401);
  expect(await post(name, 'nonsense')).toBe(401);
  expect(await post(name, basic('ops:changeit'))).toBe(201);
  expect(await post('$settings', basic('ops:changeit'))).toBe(401);
  expect(await post(freshName())).toBe(201);
  expect(await collect(as('admin').readStream(name))).toHaveLength(1);
});

test('default access lists can be set for all streams', async () => {
  const admin = as('admin');
  const name = freshName();
  await admin.appendToStream('$settings', { ...numbered(1)[0], data: { $userStreamAcl: { $w: 'ops' } } } as never);
  expect(await thrown(as().appendToStream(name, numbered(1)))).toBeInstanceOf(AccessDeniedError);
  await as('ops').appendToStream(name, numbered(1));
  await admin.appendToStream('$settings', { ...numbered(1)[0], data: {} } as never);
});

test('groups and projections are managed by operators and administrators', async () => {
  const settings = persistentSubscriptionToStreamSettingsFromDefaults();
  expect(await thrown(as().createPersistentSubscriptionToStream('s', 'g', settings))).toBeInstanceOf(AccessDeniedError);
  expect(await thrown(as().enableProjection('$streams'))).toBeInstanceOf(AccessDeniedError);
  await as('ops').createPersistentSubscriptionToStream('s', 'g', settings);
  await as('ops').enableProjection('$streams');
});
