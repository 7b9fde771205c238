import { type ChildProcess, fork } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { Client, type ClientDuplexStream, type ClientWritableStream, credentials } from '@grpc/grpc-js';
import { ProtoWriter } from './wire/protoWriter.ts';

/**
 * `node infra/local/eventStore/fuzz.ts [seconds]`: sends random messages to every RPC, well-formed as protobuf and
 * meaningless otherwise. The server answers or refuses each, and afterwards still serves. Exits 1 when it doesn't.
 */
const SECONDS = Number(process.argv[2] ?? 60);
const IN_FLIGHT = 16;
const CALL_LIMIT_MS = 300;
const PACKAGE = 'event_store.client';

type Kind = 'unary' | 'answers' | 'requests' | 'both';
const RPCS: readonly (readonly [string, Kind])[] = [
  [`${PACKAGE}.streams.Streams/Read`, 'answers'],
  [`${PACKAGE}.streams.Streams/Append`, 'requests'],
  [`${PACKAGE}.streams.Streams/BatchAppend`, 'both'],
  [`${PACKAGE}.streams.Streams/Delete`, 'unary'],
  [`${PACKAGE}.streams.Streams/Tombstone`, 'unary'],
  [`${PACKAGE}.persistent_subscriptions.PersistentSubscriptions/Read`, 'both'],
  ...['Create', 'Update', 'Delete', 'GetInfo', 'ReplayParked', 'List', 'RestartSubsystem'].map(
    (name) => [`${PACKAGE}.persistent_subscriptions.PersistentSubscriptions/${name}`, 'unary'] as const,
  ),
  ...['Create', 'Update', 'Delete', 'Enable', 'Disable', 'Reset', 'State', 'Result', 'RestartSubsystem'].map(
    (name) => [`${PACKAGE}.projections.Projections/${name}`, 'unary'] as const,
  ),
  [`${PACKAGE}.projections.Projections/Statistics`, 'answers'],
  ...['StartScavenge', 'StopScavenge', 'MergeIndexes', 'RestartPersistentSubscriptions'].map(
    (name) => [`${PACKAGE}.operations.Operations/${name}`, 'unary'] as const,
  ),
  [`${PACKAGE}.monitoring.Monitoring/Stats`, 'answers'],
  [`${PACKAGE}.gossip.Gossip/Read`, 'unary'],
  [`${PACKAGE}.server_features.ServerFeatures/GetSupportedMethods`, 'unary'],
];

const TEXTS = [
  '',
  'a',
  'group',
  'stream-1',
  '$all',
  '$$stream-1',
  '$$',
  '$settings',
  '$by_category',
  'ž\u0000\ud83d\ude00',
  '(',
  '^[^$].*',
  '00112233-4455-6677-8899-aabbccddeeff',
  'type',
  'content-type',
  'application/json',
  '{"$tb":9223372036854775807,"$maxCount":-1}',
  '9223372036854775807@stream-1',
  'fromAll().when({ $any: (s, e) => { emit("out", "T", {}); } })',
  'x'.repeat(5000),
];
const NUMBERS = [
  0n,
  1n,
  2n,
  3n,
  10n,
  500n,
  2n ** 31n,
  2n ** 32n - 1n,
  2n ** 53n,
  2n ** 63n - 1n,
  2n ** 63n,
  2n ** 64n - 1n,
];
const pick = <T>(values: readonly T[]): T => values[randomInt(values.length)] as T;

/** A random message. Field numbers, nesting and values are such that they often mean something. */
function randomMessage(depth: number): Buffer {
  const writer = new ProtoWriter();
  for (let fields = randomInt(6); fields > 0; fields--) {
    const field = randomInt(20) === 0 ? randomInt(1, 500) : randomInt(1, 17);
    const kind = randomInt(depth > 0 ? 10 : 5);
    if (kind < 2) writer.varint(field, pick(NUMBERS));
    else if (kind < 5) writer.bytes(field, Buffer.from(pick(TEXTS)));
    else writer.bytes(field, randomMessage(depth - 1));
  }
  return writer.finish();
}

const asItIs = (bytes: Buffer): Buffer => bytes;

type Done = (error: { code?: number } | null) => void;

function openRequests(client: Client, path: string, options: object, done: Done): ClientWritableStream<Buffer> {
  return client.makeClientStreamRequest(`/${path}`, asItIs, asItIs, options, done);
}

function openBoth(client: Client, path: string, options: object, done: Done): ClientDuplexStream<Buffer, Buffer> {
  const call = client.makeBidiStreamRequest(`/${path}`, asItIs, asItIs, options);
  call.on('end', () => done(null));
  call.resume();
  return call;
}

/** Resolves with the status the call ended with. */
function call(client: Client, [path, kind]: readonly [string, Kind]): Promise<string> {
  const options = { deadline: Date.now() + CALL_LIMIT_MS };
  const messages = Array.from({ length: randomInt(1, 4) }, () => randomMessage(4));
  return new Promise((resolve) => {
    const done: Done = (error) => resolve(error ? `status ${error.code}` : 'ok');
    if (kind === 'unary') {
      client.makeUnaryRequest(`/${path}`, asItIs, asItIs, messages[0] as Buffer, options, done);
    } else if (kind === 'answers') {
      const answers = client.makeServerStreamRequest(`/${path}`, asItIs, asItIs, messages[0] as Buffer, options);
      answers.on('data', () => undefined);
      answers.on('error', done);
      answers.on('end', () => done(null));
    } else {
      const requests =
        kind === 'requests' ? openRequests(client, path, options, done) : openBoth(client, path, options, done);
      requests.on('error', done);
      for (const one of messages) requests.write(one);
      requests.end();
    }
  });
}

async function stillServes(url: string): Promise<void> {
  const client = EventStoreDBClient.connectionString(url);
  const name = `after-${randomInt(2 ** 40)}`;
  await client.appendToStream(name, jsonEvent({ type: 'T', data: { fine: true } }));
  for await (const { event } of client.readStream(name))
    if (event?.revision !== 0n) throw new Error('a wrong revision');
  await client.dispose();
}

const args = ['--http-port', '0', '--start-standard-projections', '--projection-lag-ms', '5'];
const server: ChildProcess = fork(join(import.meta.dirname, 'main.ts'), args, {
  stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
});
server.on('exit', (code, signal) => {
  console.error(`the server ended: ${code ?? signal}`);
  process.exit(1);
});
const [{ url }] = (await once(server, 'message')) as [{ url: string }];
const client = new Client(new URL(url).host, credentials.createInsecure());
const counts = new Map<string, number>();
const end = Date.now() + SECONDS * 1000;
const worker = async (): Promise<void> => {
  while (Date.now() < end) {
    const rpc = pick(RPCS);
    const outcome = await call(client, rpc);
    counts.set(outcome, (counts.get(outcome) ?? 0) + 1);
  }
};
await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
await stillServes(url);
client.close();
for (const [outcome, count] of [...counts].sort(([, a], [, b]) => b - a))
  console.log(`${String(count).padStart(8)} ${outcome}`);
console.log(
  `${[...counts.values()].reduce((sum, count) => sum + count, 0)} calls in ${SECONDS} s, and it still serves`,
);
server.removeAllListeners('exit');
server.kill('SIGTERM');
process.exit(0);
