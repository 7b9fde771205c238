import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from '@jest/globals';

const program = fileURLToPath(new URL('./start.ts', import.meta.url));
const timeoutMs = 60_000;

interface Run {
  readonly child: ChildProcess;
  readonly ended: Promise<unknown>;
  text(): string;
  /** Resolves when the output matches; fails when the process ends before. */
  until(pattern: RegExp): Promise<RegExpMatchArray>;
}

const runs: Run[] = [];
afterEach(() => {
  for (const { child } of runs.splice(0)) child.kill('SIGKILL');
});

function start(env: Readonly<Record<string, string>>, ...args: readonly string[]): Run {
  const child = spawn(process.execPath, [program, ...args], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  const ended = once(child, 'close').then(([code]) => code);
  const until = (pattern: RegExp): Promise<RegExpMatchArray> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const match = text.match(pattern);
        if (match) resolve(match);
      };
      child.stdout.on('data', look);
      void ended.then(() => reject(new Error(`ended: ${text}`)));
      look();
    });
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
    });
  }
  const run = { child, ended, text: () => text, until };
  runs.push(run);
  return run;
}

/** What a part of a system that is ready is said to be at. The lines of progress before ("starting: waiting for event store (2 s)") name parts too. */
function addressOf(part: string, text: string): string {
  const [, address] = new RegExp(`^ {2}${part} +(\\S+) `, 'm').exec(text) ?? [];
  if (address === undefined) throw new Error(`no address of ${part} in: ${text}`);
  return address;
}

/** Resolves when nothing listens there any more; what ends a process that was killed with -9 is in other processes. */
async function untilClosed(address: string): Promise<void> {
  const { port } = new URL(address);
  const isOpen = (): Promise<boolean> =>
    new Promise((resolve) => {
      const socket = connect(Number(port), '127.0.0.1', () => resolve(true));
      socket.on('error', () => resolve(false)).on('connect', () => socket.destroy());
    });
  while (await isOpen()) await sleep(20);
}

test('says in one line what is wrong with its settings, and ends with 1', async () => {
  const run = start({ PORT: 'abc', RABBITMQ_URL: 'nonsense' });

  expect(await run.ended).toBe(1);
  expect(run.text()).toBe(
    'npm start: PORT is "abc", expected a whole number from 0 to 65535; ' +
      'RABBITMQ_URL is "nonsense", expected something like amqp://guest:guest@127.0.0.1:5672\n',
  );
});

test('explains itself', async () => {
  const run = start({}, '--help');

  expect(await run.ended).toBe(0);
  expect(run.text()).toContain('EVENTSTORE_URL');
});

test('refuses an argument it does not know', async () => {
  const run = start({}, '--verbos');

  expect(await run.ended).toBe(1);
  expect(run.text()).toBe('npm start: unknown argument --verbos; --help says what there is\n');
});

test.each([
  [['--data'], '--data needs a folder, such as --data .local/data'],
  [['--port', '99999'], 'PORT is "99999", expected a whole number from 0 to 65535'],
])('refuses %j, saying what it expects', async (args, problem) => {
  const run = start({}, ...args);

  expect(await run.ended).toBe(1);
  expect(run.text()).toBe(`npm start: ${problem}\n`);
});

test(
  'of two on one port, and of two on one folder, the second is told what is in the way',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'waybill-data-'));
    const first = start({ PORT: '0' }, '--data', folder);
    const [, url = ''] = await first.until(/HTTP API +(http:\S+) /);
    const { port } = new URL(url);

    const samePort = start({}, '--port', port);
    const sameFolder = start({ PORT: '0' }, `--data=${folder}`);

    expect([await samePort.ended, await sameFolder.ended]).toEqual([1, 1]);
    expect(samePort.text()).toMatch(`npm start: the HTTP API: port ${port} on 127.0.0.1 is in use: end what listens`);
    expect(sameFolder.text()).toMatch(`npm start: --data ${folder} cannot be used (${folder} is in use by process`);
    first.child.kill('SIGTERM');
    expect(await first.ended).toBe(0);
    expect(first.text()).toMatch(new RegExp(`\nnpm start: stopped; data kept in ${folder}\n$`));
    rmSync(folder, { recursive: true });
  },
  timeoutMs,
);

test(
  'of a part that does not start it shows the last words, and names the log',
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'waybill-data-'));
    const journal = join(folder, 'carrier', 'journal.jsonl');
    mkdirSync(join(folder, 'carrier'));
    writeFileSync(journal, 'no entry\n');
    const run = start({ PORT: '0' }, '--data', folder);

    expect(await run.ended).toBe(1);
    expect(run.text()).toContain(
      `npm start: carrier did not start (exit code 1): carrier: ${journal}:1 is damaged: mend the line, or remove the ` +
        `folder to begin afresh; all that it said is in .local/waybill-process-${run.child.pid}.log\n`,
    );
    rmSync(folder, { recursive: true });
  },
  timeoutMs,
);

test('a signal while it starts, and another one, end it with 0', async () => {
  const run = start({ PORT: '0' }, '--verbose');
  // Some part has begun to talk: it is on its way, and not there yet.
  await run.until(/\S/);

  run.child.kill('SIGINT');
  run.child.kill('SIGTERM');

  expect(await run.ended).toBe(0);
  expect(run.text()).toMatch(/npm start: stopped\n$/);
});

test(
  'a server that dies with what it held in memory is named with its loss, and everything else ends',
  async () => {
    const run = start({ PORT: '0' });
    const [, url = ''] = await run.until(/HTTP API +(http:\S+) /);
    const [, pid] = await run.until(/event store .*process (\d+)\)/);

    process.kill(Number(pid), 'SIGKILL');

    expect(await run.ended).toBe(1);
    expect(run.text()).toMatch(
      /npm start: event store at esdb:\S+ ended by itself \(SIGKILL\), and with it every event, kept in memory: everything else/,
    );
    expect(run.text()).toContain('npm start -- --data DIR would keep it');
    await untilClosed(url);
  },
  timeoutMs,
);

test(
  'killed with -9, it takes everything with it',
  async () => {
    const run = start({ PORT: '0' });
    // The last of what it says: a pipe may cut it anywhere before.
    await run.until(/\n {2}log +\S+\n/);
    const addresses = ['HTTP API', 'event store', 'broker', 'DynamoDB', 'payment gateway'].map((part) =>
      addressOf(part, run.text()),
    );

    run.child.kill('SIGKILL');

    await Promise.all(addresses.map(untilClosed));
  },
  timeoutMs,
);
