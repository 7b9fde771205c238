import { type ChildProcess, fork } from 'node:child_process';
import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { EventStoreDBClient, jsonEvent } from '@eventstore/db-client';
import { Client, credentials } from '@grpc/grpc-js';
import { randomCall } from './fuzz/randomCall.ts';
import { randomRequest } from './fuzz/randomRequest.ts';

/**
 * `node infra/local/eventStore/fuzz.ts [seconds]`: sends random messages to every RPC, well-formed as protobuf and
 * meaningless otherwise, and among them what may be HTTP/1.1. The server answers or refuses each, and afterwards still
 * serves. Exits 1 when it doesn't.
 */
const SECONDS = Number(process.argv[2] ?? 60);
const IN_FLIGHT = 16;

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
const { host, hostname, port } = new URL(url);
const client = new Client(host, credentials.createInsecure());
const counts = new Map<string, number>();
const end = Date.now() + SECONDS * 1000;
const worker = async (): Promise<void> => {
  while (Date.now() < end) {
    const outcome = await (randomInt(10) === 0 ? randomRequest(hostname, Number(port)) : randomCall(client));
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
