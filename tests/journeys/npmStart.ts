import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Addresses } from '../../infra/local/stack/startServers.ts';

/** `npm start` as a process of its own, as a person has it in a terminal. */
export interface NpmStart {
  readonly url: string;
  /** Of the servers that it uses. */
  readonly addresses: Addresses;
  /** Kills it, or one of its processes, as a crash would; resolves when that one is gone. */
  kill(part?: keyof typeof patterns): Promise<void>;
  /** Resolves when a line like this is printed. */
  line(like: RegExp): Promise<string>;
  stop(): Promise<void>;
}

const patterns = {
  relay: /relay +process (\d+)/,
  'event source': /event source +process (\d+)/,
  functions: /HTTP API +\S+ +\(process (\d+)\)/,
  'event store': /event store +\S+ +\(process (\d+)\)/,
  broker: /broker +\S+ +\(process (\d+)\)/,
  DynamoDB: /DynamoDB +\S+ +\(process (\d+)\)/,
  'payment gateway': /payment gateway +\S+ +\(process (\d+)\)/,
  carrier: /carrier +\S+ +\(process (\d+)\)/,
  'issuer of tokens': /issuer of tokens +\S+ +\(process (\d+)\)/,
} as const;

async function untilGone(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** @param env addresses of the servers it is to use */
export async function npmStart(env: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<NpmStart> {
  const child: ChildProcess = spawn(process.execPath, ['infra/local/start.ts', ...args], {
    env: { ...process.env, PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  const waiting = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    if (!stream) continue;
    createInterface({ input: stream }).on('line', (text) => {
      lines.push(text);
      for (const look of waiting) look();
    });
  }
  const ended = once(child, 'exit');
  const line = (like: RegExp): Promise<string> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const found = lines.find((text) => like.test(text));
        if (found === undefined) return;
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      void ended.then(() => reject(new Error(`npm start ended while waiting for ${like}:\n${lines.join('\n')}`)));
      look();
    });
  const find = async (pattern: RegExp): Promise<string> => pattern.exec(await line(pattern))?.[1] ?? '';

  const url = await find(/HTTP API +(\S+)/);
  await line(/GET|curl.*events/);
  const addresses: Addresses = {
    eventStore: await find(/^ {2}event store +(\S+)/),
    broker: await find(/^ {2}broker +(\S+)/),
    dynamo: await find(/^ {2}DynamoDB +(\S+)/),
    payments: await find(/^ {2}payment gateway +(\S+)/),
    shipping: await find(/^ {2}carrier +(\S+)/),
    mail: await find(/^ {2}mailbox +(\S+)/),
    issuer: await find(/^ {2}issuer of tokens +(\S+)/),
  };
  return {
    url,
    addresses,
    line,
    async kill(part) {
      const pid = part ? Number(await find(patterns[part])) : child.pid;
      if (!pid) throw new Error(`no process of ${part}`);
      process.kill(pid, 'SIGKILL');
      if (part) await untilGone(pid);
      else await ended;
    },
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
