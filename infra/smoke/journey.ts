import { randomUUID } from 'node:crypto';
import { noAnswer } from '../commandLine/noAnswer.ts';

export interface SmokeOptions {
  /** Of the API. */
  readonly url: string;
  /** Sent as a bearer token with each request; its scopes are `orders` and `stock`, its customer the orders'. */
  readonly token: string;
  /** How long an order may take to reach its end. */
  readonly timeoutMs: number;
  /** Told of each step as it is done. */
  readonly onStep: (line: string) => void;
}

const recipient = {
  name: 'Smoke Test',
  // Amazon's own, which takes mail of accounts that may not mail to anybody else yet.
  email: 'success@simulator.amazonses.com',
  address: { line1: '1 Test Road', postalCode: '10115', city: 'Berlin', country: 'DE' },
};

type Body = Readonly<Record<string, unknown>>;

/** What the API says of an order that is not going anywhere any more, or has been taken on. */
const pauseMs = 250;

/**
 * The journey of a few orders through a running system, wherever it runs, seen from outside: one that ends well, one that
 * can't, one that is sent twice, one that is cancelled too late. Products and keys are new each time.
 *
 * @throws Error saying which step, what was expected and what was answered
 */
export async function runJourney({ url, token, timeoutMs, onStep }: SmokeOptions): Promise<void> {
  const run = randomUUID().slice(0, 8);
  const sku = `smoke-${run}`;
  const base = url.endsWith('/') ? url : `${url}/`;

  const ask = (path: string, init: RequestInit): Promise<Response> => {
    const target = new URL(path, base);
    return fetch(target, { ...init, signal: AbortSignal.timeout(30_000) }).catch((error: unknown) => {
      throw noAnswer(target.origin, error);
    });
  };
  async function send(
    method: string,
    path: string,
    body?: unknown,
    key?: string,
  ): Promise<{ status: number; body: Body }> {
    const response = await ask(path, {
      method,
      headers: {
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        authorization: `Bearer ${token}`,
        ...(key === undefined ? {} : { 'idempotency-key': key }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: text.startsWith('{') ? (JSON.parse(text) as Body) : { text } };
  }
  async function expectStatus(
    status: number,
    method: string,
    path: string,
    body?: unknown,
    key?: string,
  ): Promise<Body> {
    const answer = await send(method, path, body, key);
    if (answer.status === status) return answer.body;
    throw new Error(
      `${method} /${path}: expected ${status}, got ${answer.status} ${JSON.stringify(answer.body).slice(0, 300)}`,
    );
  }
  const place = (key: string, quantity: number): Promise<Body> =>
    expectStatus(202, 'POST', 'orders', { recipient, lines: [{ sku, quantity }] }, `${run}-${key}`);
  async function untilStatus(orderId: unknown, wanted: string): Promise<Body> {
    const startedMs = performance.now();
    for (;;) {
      const order = await send('GET', `orders/${orderId}?minRevision=0`);
      if (order.body['status'] === wanted) {
        onStep(`order ${orderId} is ${wanted} after ${Math.round(performance.now() - startedMs)} ms`);
        return order.body;
      }
      if (performance.now() - startedMs > timeoutMs) {
        const seen = `${order.status} ${JSON.stringify({ ...order.body, recipient: undefined }).slice(0, 300)}`;
        throw new Error(`order ${orderId}: expected '${wanted}' within ${timeoutMs} ms, last seen ${seen}`);
      }
      await new Promise((resolve) => setTimeout(resolve, pauseMs));
    }
  }

  await expectStatus(200, 'GET', 'health');
  onStep('every part that commands need is up');
  const preflight = await ask('orders', {
    method: 'OPTIONS',
    headers: { origin: 'http://localhost:8080', 'access-control-request-method': 'POST' },
  });
  if (!preflight.ok) throw new Error(`OPTIONS /orders, a browser's preflight: expected a 2xx, got ${preflight.status}`);
  onStep(
    `a browser's preflight is let through, for ${preflight.headers.get('access-control-allow-origin') ?? 'nobody'}`,
  );
  await expectStatus(200, 'PUT', `products/${sku}`, { name: 'Smoke', priceMinor: 1_250, currency: 'EUR' });
  await expectStatus(202, 'POST', `stock/${sku}/receipts`, { quantity: 10 }, `${run}-delivery`);
  onStep(`product ${sku}: 10 on the shelf`);

  const good = await place('good', 2);
  const again = await place('good', 2);
  if (again['orderId'] !== good['orderId'])
    throw new Error(`the same order sent twice is two: ${good['orderId']}, ${again['orderId']}`);
  onStep('the same order sent twice is one');
  await untilStatus(good['orderId'], 'shipped');
  const events = (await expectStatus(200, 'GET', `orders/${good['orderId']}/events`))['events'] as readonly Body[];
  const types = events.map(({ type }) => String(type));
  if (types[0] !== 'OrderCreated' || types.at(-1) !== 'OrderShipped')
    throw new Error(`its history is ${types.join(', ')}`);
  onStep(`its history: ${types.join(', ')}`);
  await expectStatus(409, 'POST', `orders/${good['orderId']}/cancel`);
  onStep('it can not be cancelled any more');

  const bad = await place('too-many', 999);
  const rejected = await untilStatus(bad['orderId'], 'rejected');
  onStep(`because of: ${rejected['reason']}`);
  await expectStatus(400, 'POST', 'orders', { lines: [] }, `${run}-wrong`);
  onStep('a request that is wrong is refused');

  const startedMs = performance.now();
  for (;;) {
    const stock = await expectStatus(200, 'GET', `stock/${sku}`);
    if (stock['onHand'] === 8 && stock['reserved'] === 0) break;
    if (performance.now() - startedMs > timeoutMs)
      throw new Error(`stock of ${sku}: expected 8 on hand, 0 reserved, got ${JSON.stringify(stock)}`);
    await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  onStep('8 are left, none is reserved');
}
