import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type RunningPaymentGateway, startPaymentGateway } from '../../infra/local/payments/startPaymentGateway.ts';
import { createHttpPayments } from './httpPayments.ts';
import type { PaymentGateway } from './payments.ts';

let gateway: RunningPaymentGateway;
let payments: PaymentGateway;
beforeEach(async () => {
  gateway = await startPaymentGateway();
  payments = createHttpPayments(gateway.url, { timeoutMs: 200 });
});
afterEach(() => gateway.stop());

const request = { key: 'event-1', askedAt: new Date(), orderId: 'o-1', amountMinor: 2_500, currency: 'EUR' };
const approved = { status: 'approved', authorizationId: 'auth-1' };
const unavailable = { code: 'payments/unavailable', retryable: true };
const refused = { code: 'payments/refused', retryable: false };

const behave = (mode: Parameters<RunningPaymentGateway['behave']>[0]['mode'], delayMs = 1): void =>
  gateway.behave({ mode, delayMs });
/** How often the gateway was asked, by key, and what it did. */
const seen = () => {
  const { asked, effects } = gateway.log();
  return [Object.fromEntries(asked.map(({ key, times }) => [key, times])), effects.map(({ kind }) => kind)];
};

test('authorises, captures and voids, each under its own key', async () => {
  expect(await payments.authorize(request)).toEqual(approved);
  await payments.capture({ key: 'event-2', authorizationId: 'auth-1' });
  await payments.authorize({ ...request, key: 'event-3', orderId: 'o-2' });
  await payments.void({ key: 'event-4', authorizationId: 'auth-2' });
  expect(seen()).toEqual([
    { 'event-1': 1, 'event-2': 1, 'event-3': 1, 'event-4': 1 },
    ['authorized', 'captured', 'authorized', 'voided'],
  ]);
});

describe('a gateway that', () => {
  test('declines: that is an answer', async () => {
    behave('declines');
    expect(await payments.authorize(request)).toEqual({ status: 'declined', reason: 'declined-by-gateway' });
    behave('normal');
    expect(await payments.authorize(request)).toMatchObject({ status: 'declined' });
  });

  test('hangs: asked once and no more; the same key later gets its answer', async () => {
    behave('hangs');
    await expect(payments.authorize(request)).rejects.toMatchObject(unavailable);
    expect(seen()).toEqual([{ 'event-1': 1 }, []]);
    behave('normal');
    expect(await payments.authorize(request)).toEqual(approved);
    expect(seen()).toEqual([{ 'event-1': 2 }, ['authorized']]);
  });

  test('answers late: the money is held though we do not know; the same key tells, and holds no more', async () => {
    behave('answers late', 400);
    await expect(payments.authorize(request)).rejects.toMatchObject(unavailable);
    behave('normal');
    expect(await payments.authorize(request)).toEqual(approved);
    expect(seen()).toEqual([{ 'event-1': 2 }, ['authorized']]);
  });

  test('answers twice: no answer is taken for that of another question', async () => {
    behave('answers twice');
    expect(await payments.authorize(request)).toEqual(approved);
    behave('normal');
    for (const n of [2, 3, 4]) {
      const answer = await payments.authorize({ ...request, key: `event-${n}`, orderId: `o-${n}` });
      expect(answer).toEqual({ status: 'approved', authorizationId: `auth-${n}` });
    }
  });

  test('is down: asked once, nothing done, to be asked again', async () => {
    behave('is down');
    await expect(payments.authorize(request)).rejects.toMatchObject(unavailable);
    expect(seen()).toEqual([{ 'event-1': 1 }, []]);
    await gateway.stop();
    await expect(payments.authorize(request)).rejects.toMatchObject(unavailable);
  });

  test('says the request is wrong: a repeat would be as wrong', async () => {
    await payments.authorize(request);
    await expect(payments.authorize({ ...request, amountMinor: 1 })).rejects.toMatchObject(refused);
  });
});
