import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { parseSettings } from '../../infra/local/stack/settings.ts';
import { type Stack, startStack } from '../../infra/local/stack/startStack.ts';
import { recipient } from '../../shared/testing/personal.ts';
import { type Api, createApi } from './api.ts';
import { createInsight, type Insight } from './insight.ts';
import { expectProof } from './proof.ts';

let stack: Stack;
let api: Api;
let insight: Insight;

beforeAll(async () => {
  // Longer than the adapter waits for one answer, so that the provider is asked more than once.
  process.env['PAYMENT_TIMEOUT_MS'] = '3000';
  stack = await startStack({ settings: parseSettings({ PORT: '0' }) });
  api = createApi(stack.url);
  insight = createInsight(stack);
}, 60_000);
afterAll(async () => {
  delete process.env['PAYMENT_TIMEOUT_MS'];
  await insight?.close();
  await stack?.stop();
}, 30_000);

const behave = (mode: string) =>
  fetch(new URL('/behaviour', stack.addresses.payments), { method: 'PUT', body: JSON.stringify({ mode }) });

/** Asks until the answer is as expected; the test's own time-out ends it otherwise. */
async function until(path: string, expected: Readonly<Record<string, unknown>>): Promise<void> {
  for (;;) {
    const body = (await (await api.get(path)).json()) as Record<string, unknown>;
    if (Object.entries(expected).every(([key, value]) => body[key] === value)) return;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

test('a provider that is silent: the order is given up in time, and the money that was held after all is given back', async () => {
  await api.putProduct('mug', { name: 'Mug', priceMinor: 1250, currency: 'EUR' });
  await api.receiveStock('mug', 10);
  await behave('hangs');
  const answer = await api.placeOrder('silence', {
    customerId: 'c-1',
    recipient,
    lines: [{ sku: 'mug', quantity: 2 }],
  });
  const { orderId } = (await answer.json()) as { orderId: string };

  await until(`/orders/${orderId}`, { status: 'rejected', reason: 'payment-timeout' });
  await until('/stock/mug', { reserved: 0, available: 10 });
  expect((await insight.readLedger()).effects).toEqual([]);

  await behave('normal');
  await insight.untilCompleted(1, 60_000);
  const { asked, effects } = await insight.readLedger();
  expect(effects.map(({ kind }) => kind)).toEqual(['authorized', 'voided']);
  // One key, asked again and again.
  expect(asked.map(({ times }) => times > 1)).toEqual([true, false]);
  await expectProof(insight, 'never');
}, 120_000);
