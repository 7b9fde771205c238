import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { startPart } from '../stack/part.ts';
import { type RunningPaymentGateway, startPaymentGateway } from './startPaymentGateway.ts';

let gateway: RunningPaymentGateway;
beforeEach(async () => {
  gateway = await startPaymentGateway();
});
afterEach(() => gateway.stop());

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

async function post(path: string, key: string | undefined, body: unknown = {}): Promise<Answer> {
  const response = await fetch(`${gateway.url}${path}`, {
    method: 'POST',
    headers: key === undefined ? {} : { 'Idempotency-Key': key },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: response.status, body: await response.json() };
}

const order = { orderId: 'o-1', amountMinor: 2_500, currency: 'EUR' };
const approved = { status: 200, body: { status: 'approved', authorizationId: 'auth-1' } };

test('approves, once for each key', async () => {
  expect(await post('/authorizations', 'k-1', order)).toEqual(approved);
  expect(await post('/authorizations', 'k-1', order)).toEqual(approved);

  expect(gateway.log()).toEqual({
    asked: [{ key: 'k-1', request: 'authorize o-1 2500 EUR', times: 2 }],
    effects: [{ kind: 'authorized', authorizationId: 'auth-1', ...order }],
  });
});

test('declines an amount ending in 13, without an effect', async () => {
  const answer = await post('/authorizations', 'k-1', { ...order, amountMinor: 1_313 });

  expect(answer).toEqual({ status: 200, body: { status: 'declined', reason: 'insufficient-funds' } });
  expect(gateway.log().effects).toEqual([]);
});

test('never answers an amount ending in 99, and serves others meanwhile', async () => {
  const silent = post('/authorizations', 'k-1', { ...order, amountMinor: 99 });
  let hasAnswered = false;
  const ended = silent.then(
    () => {
      hasAnswered = true;
    },
    () => {},
  );

  expect(await post('/authorizations', 'k-2', order)).toEqual(approved);
  expect(hasAnswered).toBe(false);
  await gateway.stop();
  await ended;
  expect(hasAnswered).toBe(false);
});

test('captures and voids, each once, and not what went the other way', async () => {
  await post('/authorizations', 'k-1', order);
  await post('/authorizations', 'k-2', { ...order, orderId: 'o-2' });

  expect(await post('/authorizations/auth-1/capture', 'k-3')).toEqual({ status: 200, body: { status: 'captured' } });
  expect(await post('/authorizations/auth-1/capture', 'k-3')).toEqual({ status: 200, body: { status: 'captured' } });
  expect(await post('/authorizations/auth-1/capture', 'k-4')).toEqual({ status: 200, body: { status: 'captured' } });
  expect(await post('/authorizations/auth-2/void', 'k-5')).toEqual({ status: 200, body: { status: 'voided' } });
  expect(await post('/authorizations/auth-1/void', 'k-6')).toMatchObject({ status: 409 });
  expect(await post('/authorizations/auth-2/capture', 'k-7')).toMatchObject({ status: 409 });

  expect(gateway.log().effects.map(({ kind, orderId }) => `${kind} ${orderId}`)).toEqual([
    'authorized o-1',
    'authorized o-2',
    'captured o-1',
    'voided o-2',
  ]);
});

test('refuses what it does not know or cannot read, naming what is wrong', async () => {
  expect(await post('/authorizations/auth-9/capture', 'k-1')).toEqual({
    status: 404,
    body: { error: 'no authorization auth-9' },
  });
  expect(await post('/authorizations', undefined, order)).toEqual({
    status: 400,
    body: { error: 'the header Idempotency-Key is missing' },
  });
  expect(await post('/authorizations', 'k-2', { ...order, amountMinor: 1.5 })).toEqual({
    status: 400,
    body: { error: expect.stringContaining('amountMinor') },
  });
  expect(await post('/authorizations', 'k-3', '{')).toMatchObject({ status: 400 });
  expect(await post('/refunds', 'k-4')).toMatchObject({ status: 404 });
  expect(await post('/authorizations/%E0%A4%A/void', 'k-5')).toMatchObject({ status: 404 });
});

test('refuses a key that came with another request', async () => {
  await post('/authorizations', 'k-1', order);

  expect(await post('/authorizations', 'k-1', { ...order, amountMinor: 1 })).toMatchObject({ status: 422 });
});

test('tells over HTTP what it was asked and did', async () => {
  await post('/authorizations', 'k-1', order);
  const response = await fetch(`${gateway.url}/log`);

  expect(await response.json()).toEqual(gateway.log());
});

test('misbehaves from the moment it is told to, and says so', async () => {
  const put = (body: unknown) => fetch(`${gateway.url}/behaviour`, { method: 'PUT', body: JSON.stringify(body) });
  expect((await put({ mode: 'declines' })).status).toBe(200);
  expect(await post('/authorizations', 'k-1', order)).toMatchObject({ body: { status: 'declined' } });
  expect((await put({ mode: 'is down' })).status).toBe(200);
  await expect(post('/authorizations', 'k-2', order)).rejects.toThrow();
  expect((await put({ mode: 'refuses' })).status).toBe(200);
  expect(await post('/authorizations', 'k-2', order)).toMatchObject({
    status: 400,
    body: { error: expect.stringContaining('refused') },
  });
  expect((await put({ mode: 'normal' })).status).toBe(200);
  expect(await post('/authorizations', 'k-2', order)).toEqual(approved);
  expect(gateway.log().asked.map(({ times }) => times)).toEqual([1, 3]);
  expect((await put({ mode: 'sulks' })).status).toBe(400);
});

test('with a folder, its books go on after kill -9, and a repeat is still a repeat', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'waybill-payments-'));
  const program = new URL('./main.ts', import.meta.url);
  const startChild = () =>
    startPart(
      { name: 'payment gateway', program, env: { DATA: directory }, readyWith: 'message' },
      new AbortController().signal,
    );
  const ask = async (url = '', path: string, key: string, body: unknown = {}) => {
    const headers = { 'Idempotency-Key': key };
    return (await fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })).json();
  };
  const first = await startChild();
  await ask(first.url, '/authorizations', 'k-1', order);
  await first.kill();

  const second = await startChild();
  expect(await ask(second.url, '/authorizations', 'k-1', order)).toEqual(approved.body);
  expect(await ask(second.url, '/authorizations', 'k-2', { ...order, orderId: 'o-2' })).toMatchObject({
    authorizationId: 'auth-2',
  });
  expect(await ask(second.url, '/authorizations/auth-1/capture', 'k-3')).toEqual({ status: 'captured' });
  await second.kill();

  const third = await startPaymentGateway({ directory });
  expect(third.log().effects.map(({ kind, orderId }) => `${kind} ${orderId}`)).toEqual([
    'authorized o-1',
    'authorized o-2',
    'captured o-1',
  ]);
  await third.stop();
  rmSync(directory, { recursive: true });
});
