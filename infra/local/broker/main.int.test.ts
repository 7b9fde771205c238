import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from '@jest/globals';
import { connect } from 'amqplib';

const program = fileURLToPath(new URL('./main.ts', import.meta.url));
const children: ChildProcess[] = [];

afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

interface Run {
  readonly child: ChildProcess;
  /** The first line on standard output or standard error. */
  readonly firstLine: Promise<string>;
  /** The exit code. */
  readonly exit: Promise<unknown>;
}

function run(...args: string[]): Run {
  const child = spawn(process.execPath, [program, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  const firstLine = new Promise<string>((resolve) => {
    let text = '';
    const read = (chunk: Buffer): void => {
      text += chunk;
      if (text.includes('\n')) resolve(text.slice(0, text.indexOf('\n')));
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
  });
  return { child, firstLine, exit: once(child, 'exit').then(([code]) => code as unknown) };
}

test('it says where it listens, serves, and ends on SIGTERM', async () => {
  const { child, firstLine, exit } = run('--port', '0', '--vhost', 'shop');
  const [url = ''] = /amqp:\S+/.exec(await firstLine) ?? [];
  const connection = await connect(`${url}/shop`);
  await connection.close();
  child.kill('SIGTERM');
  expect(await exit).toBe(0);
});

test('an unknown flag names the nearest, and is exit code 1', async () => {
  const { firstLine, exit } = run('--prot', '5673');
  expect(await firstLine).toBe('broker: unknown argument --prot; did you mean --port?');
  expect(await exit).toBe(1);
});

test('help is not an error', async () => {
  const { firstLine, exit } = run('--help');
  expect(await firstLine).toContain('AMQP 0-9-1 broker');
  expect(await exit).toBe(0);
});
