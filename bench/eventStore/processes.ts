import { type ChildProcess, execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { EventStoreDBClient } from '@eventstore/db-client';

const ROOT = join(import.meta.dirname, '..', '..');

/** A server in a process of its own, and the official client connected to it. */
export interface ServerProcess {
  readonly client: EventStoreDBClient;
  readonly url: string;
  /** Resident memory in bytes. */
  memoryBytes(): number;
  stop(): Promise<void>;
}

export const startStore = (...options: readonly string[]): Promise<ServerProcess> =>
  start('infra/local/eventStore/main.ts', ['--http-port', '0', '--run-projections', 'None', ...options]);

export const startBare = (count: number, dataBytes: number): Promise<ServerProcess> =>
  start('bench/eventStore/bareServer.ts', [String(count), String(dataBytes)]);

async function start(program: string, args: readonly string[]): Promise<ServerProcess> {
  const child: ChildProcess = fork(join(ROOT, program), args, { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  const [{ url }] = (await once(child, 'message')) as [{ url: string }];
  const client = EventStoreDBClient.connectionString(url);
  return {
    client,
    url,
    memoryBytes: () => Number(execFileSync('ps', ['-o', 'rss=', '-p', String(child.pid)]).toString()) * 1024,
    async stop() {
      await client.dispose();
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      await exited;
    },
  };
}
