import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test } from '@jest/globals';

const program = fileURLToPath(new URL('./main.ts', import.meta.url));
const env = { ...process.env, RABBITMQ_URL: 'amqp://127.0.0.1:1/x', RABBITMQ_API_URL: 'http://127.0.0.1:1' };
const run = (...args: readonly string[]) => spawnSync(process.execPath, [program, ...args], { encoding: 'utf8', env });

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'waybill-topology-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

test.each(['hunter2', '{"relay": {"username": "relay", "password": "hunter2}'])(
  'of a users file that is no JSON nothing is quoted: %s',
  (content) => {
    const file = join(directory, 'users.json');
    writeFileSync(file, content);
    const { status, stdout, stderr } = run('diff', '--users', file);
    expect([status, stdout, stderr]).toEqual([1, '', `topology: ${file} is no JSON; --help says what there is\n`]);
  },
);
