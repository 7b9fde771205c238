import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { requestToken } from '../../infra/local/issuer/requestToken.ts';
import { startMail } from '../../infra/local/mail/startMail.ts';
import type { RunningServer } from '../../infra/local/program.ts';
import { createApiOf } from './api.ts';
import { createInsight, type Insight } from './insight.ts';
import { type NpmStart, npmStart } from './npmStart.ts';
import { expectProof } from './proof.ts';
import { fillShelves, placeOrders, plans } from './twoHundredOrders.ts';

const some = plans.slice(0, 60);
const ends = ['shipped', 'rejected', 'cancelled'];

let folder: string;
/** The local mailbox forgets; this one sees all of the test. */
let mail: RunningServer;
let system: NpmStart;
let insight: Insight;

const start = async (): Promise<void> => {
  system = await npmStart({ SES_ENDPOINT: mail.url }, '--data', folder);
  insight = createInsight({ addresses: system.addresses, tablePrefix: 'waybill-local' });
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'waybill-data-'));
  mail = await startMail();
  await start();
}, 60_000);
afterAll(async () => {
  await insight?.close();
  await system?.stop();
  await mail?.stop();
  rmSync(folder, { recursive: true, force: true });
}, 30_000);

const api = createApiOf(() => system.url);
const untilCompleted = (share: number) => insight.untilCompleted(Math.floor(some.length * share), 60_000);

test('npm start --data: kill -9 of each server, then of npm start itself, amid orders: all of them come to their end', async () => {
  await fillShelves(api);
  const placing = placeOrders(api, 4, some);

  await untilCompleted(0.1);
  await system.kill('broker');
  await system.line(/broker: running again/);

  await untilCompleted(0.3);
  const lasting = ['event store', 'DynamoDB', 'payment gateway', 'carrier'] as const;
  await Promise.all(lasting.map((part) => system.kill(part)));
  await Promise.all(lasting.map((part) => system.line(new RegExp(`${part}: running again`))));

  await untilCompleted(0.6);
  await system.kill('issuer of tokens');
  await system.line(/issuer: running again/);
  const token = await requestToken(system.url, { customer: 'c-1', scope: 'orders' });
  await system.kill();
  await insight.close();
  await start();

  const listing = await fetch(`${system.url}/orders`, { headers: { authorization: `Bearer ${token}` } });
  expect(['a token of before', listing.status]).toEqual(['a token of before', 200]);

  const placed = await placing;
  await untilCompleted(1);
  await expectProof(insight, 'after a crash');
  for (const { orderId } of placed) {
    const { status } = (await (await api.get(`/orders/${orderId}`)).json()) as { status: string };
    expect(ends).toContain(status);
  }
}, 240_000);
