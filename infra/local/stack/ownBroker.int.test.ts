import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { connect } from 'amqplib';
import { startBroker } from '../broker/startBroker.ts';
import { requestToken } from '../issuer/requestToken.ts';
import type { RunningServer } from '../program.ts';
import { parseSettings } from './settings.ts';
import { type Stack, startStack } from './startStack.ts';

const startTimeoutMs = 60_000;
/** Nothing comes of a receipt but a line in this view: no later event would bring it along. */
const queue = 'stock-view.0';
const notices: string[] = [];
let look = (): void => {};
let folder: string;
let broker: RunningServer;
let stack: Stack;

const start = async (): Promise<void> => {
  const settings = parseSettings({ PORT: '0', RABBITMQ_URL: broker.url }, folder);
  const onNotice = (line: string): void => {
    notices.push(line);
    look();
  };
  stack = await startStack({ settings, onNotice });
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'waybill-own-broker-'));
  broker = await startBroker();
  await start();
}, startTimeoutMs);
afterAll(async () => {
  await stack?.stop();
  await broker?.stop();
  rmSync(folder, { recursive: true, force: true });
}, startTimeoutMs);

const untilNoticed = (line: string): Promise<void> =>
  new Promise((resolve) => {
    look = () => notices.includes(line) && resolve();
    look();
  });

let requests = 0;
async function send(method: string, path: string, body?: unknown): Promise<Response> {
  requests += 1;
  const token = await requestToken(stack.url, { customer: 'c-1', scope: 'stock' });
  const headers = {
    authorization: `Bearer ${token}`,
    'content-type': 'application/json',
    'idempotency-key': `${requests}`,
  };
  return fetch(`${stack.url}${path}`, { method, headers, ...(body !== undefined && { body: JSON.stringify(body) }) });
}

/** Deletes the queue once messages wait in it, as any AMQP client may. */
async function deleteQueue(): Promise<void> {
  const connection = await connect(broker.url);
  const channel = await connection.createChannel();
  while ((await channel.checkQueue(queue)).messageCount === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  await channel.deleteQueue(queue);
  await connection.close();
}

/** Has stock received that the view is never told of: its message goes with the queue. */
async function loseReceiptOf(sku: string): Promise<void> {
  await stack.eventSource.stop();
  await send('POST', `/stock/${sku}/receipts`, { quantity: 1 });
  await deleteQueue();
}

async function untilListed(sku: string): Promise<void> {
  for (;;) {
    const listing = await (await send('GET', '/stock')).text();
    if (listing.includes(`"${sku}"`)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

test(
  'a queue that somebody deletes is declared again, and what was in it is told again',
  async () => {
    await loseReceiptOf('mug');
    await stack.eventSource.restart();

    await untilNoticed(`queue ${queue} is gone: it is declared again, and its consumer told of what came meanwhile`);
    await untilListed('mug');
  },
  startTimeoutMs,
);

test(
  'so is one that is missing when it starts',
  async () => {
    await loseReceiptOf('cup');
    await stack.stop();
    notices.length = 0;

    await start();

    expect(notices).toEqual([
      `queue ${queue} is missing: it is declared again, and its consumer told of what came meanwhile`,
    ]);
    await untilListed('cup');
  },
  startTimeoutMs,
);
