import { expect } from '@jest/globals';
import type { Recipient } from '../../shared/personal/recipient.ts';
import { recipient } from '../../shared/testing/personal.ts';
import type { Api } from './api.ts';

interface Plan {
  readonly key: string;
  readonly order: {
    readonly customerId: string;
    readonly recipient: Recipient;
    readonly lines: readonly { sku: string; quantity: number }[];
  };
  /** How it ends; undefined where two orders want the last piece, or a cancellation races with the parcel. */
  readonly end: 'shipped' | 'rejected' | undefined;
  readonly reason?: string;
  readonly isCancelled: boolean;
}

/** Orders of every kind. 30 of `rare` are there, 40 are asked for. */
export const plans: readonly Plan[] = Array.from({ length: 200 }, (_, n): Plan => {
  const base = { key: `journey-${n}`, isCancelled: false };
  const order = (...lines: { sku: string; quantity: number }[]) => ({ customerId: `c-${n % 7}`, recipient, lines });
  switch (n % 10) {
    case 4:
      return { ...base, order: order({ sku: 'unlucky', quantity: 1 }), end: 'rejected', reason: 'payment-declined' };
    case 5:
      return { ...base, order: order({ sku: 'none', quantity: 1 }), end: 'rejected', reason: 'out-of-stock' };
    case 6:
      return { ...base, order: order({ sku: 'rare', quantity: 1 }), end: undefined };
    case 7:
      return { ...base, order: order({ sku: 'mug', quantity: 1 }, { sku: 'rare', quantity: 1 }), end: undefined };
    case 8:
      return { ...base, order: order({ sku: 'mug', quantity: 2 }), end: undefined, isCancelled: true };
    case 9:
      return { ...base, order: order({ sku: 'mug', quantity: 1 }, { sku: 'pen', quantity: 3 }), end: 'shipped' };
    default:
      return { ...base, order: order({ sku: 'mug', quantity: (n % 3) + 1 }), end: 'shipped' };
  }
});

export async function fillShelves(api: Api): Promise<void> {
  const shelves = [
    { sku: 'mug', priceMinor: 1250, quantity: 1_000 },
    { sku: 'pen', priceMinor: 150, quantity: 1_000 },
    { sku: 'rare', priceMinor: 9900, quantity: 30 },
    // The gateway declines amounts that end in 13.
    { sku: 'unlucky', priceMinor: 4013, quantity: 1_000 },
    { sku: 'none', priceMinor: 500, quantity: 0 },
  ];
  for (const { sku, priceMinor, quantity } of shelves) {
    expect((await api.putProduct(sku, { name: sku, priceMinor, currency: 'EUR' })).status).toBe(200);
    if (quantity > 0) expect((await api.receiveStock(sku, quantity)).status).toBe(202);
  }
}

/** Sends an order until it is accepted: a caller that gets no answer, or a 503, sends the same again. */
async function send(request: () => Promise<Response>): Promise<Response> {
  const deadline = performance.now() + 30_000;
  while (performance.now() < deadline) {
    const response = await request().catch(() => undefined);
    if (response && response.status !== 503 && response.status < 500) return response;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('no answer within 30 s');
}

/** Places every order twice, and cancels those that are to be; answers each one's id and whether it was cancelled. */
export async function placeOrders(api: Api, concurrency: number, of: readonly Plan[] = plans) {
  const queue = of.values();
  const placed: { readonly plan: Plan; readonly orderId: string; readonly cancelStatus: number | undefined }[] = [];
  const worker = async (): Promise<void> => {
    for (const plan of queue) {
      const [first, second] = await Promise.all([
        send(() => api.placeOrder(plan.key, plan.order)),
        send(() => api.placeOrder(plan.key, plan.order)),
      ]);
      const answer = (await first.json()) as { orderId: string };
      expect([first.status, answer]).toEqual([202, { orderId: expect.any(String), revision: 0 }]);
      expect([second.status, await second.json()]).toEqual([202, answer]);
      const { orderId } = answer;
      const cancelStatus = plan.isCancelled ? (await send(() => api.cancelOrder(orderId))).status : undefined;
      placed.push({ plan, orderId, cancelStatus });
    }
  };
  await Promise.all(Array.from({ length: concurrency }, worker));
  return placed;
}

/** Each order ended as its plan says. */
export async function expectEnds(api: Api, placed: Awaited<ReturnType<typeof placeOrders>>): Promise<void> {
  const rareShipped: string[] = [];
  for (const { plan, orderId, cancelStatus } of placed) {
    const view = (await (await api.get(`/orders/${orderId}`)).json()) as Record<string, unknown>;
    const { status, reason } = view;
    if (plan.end) expect([plan.key, status, reason]).toEqual([plan.key, plan.end, plan.reason]);
    if (plan.isCancelled)
      expect([status, cancelStatus]).toEqual(cancelStatus === 202 ? ['cancelled', 202] : ['shipped', 409]);
    if (plan.order.lines.some(({ sku }) => sku === 'rare')) {
      if (status === 'shipped') rareShipped.push(orderId);
      else expect([status, reason]).toEqual(['rejected', 'out-of-stock']);
    }
  }
  expect(rareShipped).toHaveLength(30);
}
