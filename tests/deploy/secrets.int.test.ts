/** A function as it is deployed: its bundle, and names of secrets instead of addresses, in a process of its own. */
import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { bundleAsDeployed, root } from '../../infra/aws/bundleAsDeployed.ts';
import { createTables } from '../../infra/local/dynamo/createTables.ts';
import { startDynamo } from '../../infra/local/dynamo/startDynamo.ts';
import { startEventStore } from '../../infra/local/eventStore/startEventStore.ts';
import type { RunningServer } from '../../infra/local/program.ts';
import '../setup/localDynamo.ts';
import { startLocalSecrets } from '../setup/localSecrets.ts';

let store: RunningServer;
let dynamo: RunningServer;
let secrets: Awaited<ReturnType<typeof startLocalSecrets>>;

beforeAll(async () => {
  [store, dynamo] = await Promise.all([startEventStore(), startDynamo()]);
  secrets = await startLocalSecrets({ 'waybill/dev/event-store': store.url });
  await Promise.all([createTables(dynamo.url, 'test'), bundleAsDeployed([`${entry}.ts`], outdir)]);
});
afterAll(async () => {
  rmSync(`${root}${outdir}`, { recursive: true, force: true });
  await Promise.all([store.stop(), dynamo.stop(), secrets.stop()]);
});

const entry = 'functions/http/getHealth/index';
const outdir = '.local/deployed';
const invoke = `
  const { handler } = await import('./${outdir}/${entry}.mjs');
  const { statusCode, body } = await handler({ headers: {}, routeKey: 'GET /health' }, {});
  console.log(JSON.stringify({ statusCode, body: JSON.parse(body) }));
  process.exit(0);`;

/** The function's answer in an environment with these settings. */
async function callHealth(settings: Readonly<Record<string, string>>): Promise<unknown> {
  const child = spawn(process.execPath, ['--input-type=module', '-e', invoke], {
    cwd: root,
    env: {
      PATH: process.env['PATH'],
      AWS_REGION: 'eu-central-1',
      AWS_ACCESS_KEY_ID: 'local',
      AWS_SECRET_ACCESS_KEY: 'local',
      AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.url,
      DYNAMODB_ENDPOINT: dynamo.url,
      TABLE_PREFIX: 'test',
      ...settings,
    },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const lines: string[] = [];
  child.stdout.on('data', (chunk) => lines.push(String(chunk)));
  await new Promise((resolve) => child.once('close', resolve));
  return JSON.parse(lines.join('').trim().split('\n').at(-1) ?? 'null');
}

test('a function finds the event store by the secret that its environment names', async () => {
  expect(await callHealth({ EVENTSTORE_URL_SECRET: 'waybill/dev/event-store' })).toMatchObject({
    statusCode: 200,
    body: { checks: { store: 'ok', tables: 'ok' } },
  });
});

test('a secret that is not there takes down what needs it, and nothing else', async () => {
  expect(await callHealth({ EVENTSTORE_URL_SECRET: 'nobody' })).toMatchObject({
    statusCode: 503,
    body: { checks: { store: 'down', tables: 'ok' } },
  });
});
