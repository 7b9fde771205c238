import { randomInt } from 'node:crypto';
import type { Client, ClientDuplexStream, ClientWritableStream } from '@grpc/grpc-js';
import { pick, randomMessage } from './randomMessage.ts';

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
  ...[
    'StartScavenge',
    'StopScavenge',
    'MergeIndexes',
    'ResignNode',
    'SetNodePriority',
    'RestartPersistentSubscriptions',
  ].map((name) => [`${PACKAGE}.operations.Operations/${name}`, 'unary'] as const),
  [`${PACKAGE}.monitoring.Monitoring/Stats`, 'answers'],
  [`${PACKAGE}.gossip.Gossip/Read`, 'unary'],
  [`${PACKAGE}.server_features.ServerFeatures/GetSupportedMethods`, 'unary'],
];

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

/** Calls any RPC with random messages. Resolves with the status the call ended with. */
export function randomCall(client: Client): Promise<string> {
  const [path, kind] = pick(RPCS);
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
      if (randomInt(4) === 0) requests.cancel();
      else requests.end();
    }
  });
}
