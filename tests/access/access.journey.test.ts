/** Every route of serverless.yml, asked by everybody who may not, over the whole system as `npm start` runs it. */
import { spawn } from 'node:child_process';
import { request } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { requestToken } from '../../infra/local/issuer/requestToken.ts';
import { type RunningIssuer, startIssuer } from '../../infra/local/issuer/startIssuer.ts';
import { parseSettings } from '../../infra/local/stack/settings.ts';
import { type Stack, startStack } from '../../infra/local/stack/startStack.ts';
import { access } from '../../shared/http/access.ts';
import { recipient } from '../../shared/testing/personal.ts';
import { createInsight } from '../journeys/insight.ts';
import { deployedRoutes, isLastResort } from './deployedRoutes.ts';
import { everyScope, makeBadTokens } from './tokens.ts';

let stack: Stack;
let issuer: RunningIssuer;
let orderId: string;
const lines: string[] = [];
const tokens: string[] = [];

interface Ask {
  readonly authorization?: string | undefined;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

async function ask(method: string, path: string, { authorization, body, headers = {} }: Ask = {}) {
  const response = await fetch(new URL(path, stack.url), {
    method,
    headers: { 'content-type': 'application/json', ...(authorization && { authorization }), ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const content = await response.text();
  const isJson = content !== '' && /json/.test(response.headers.get('content-type') ?? '');
  return {
    status: response.status,
    type: response.headers.get('content-type'),
    challenge: response.headers.get('www-authenticate'),
    body: (isJson ? JSON.parse(content) : content) as Readonly<Record<string, unknown>>,
  };
}

async function bearer(sub: string, scope: string): Promise<string> {
  const token = await issuer.mint({ payload: { sub, scope, aud: 'waybill' } });
  tokens.push(token);
  return `Bearer ${token}`;
}

beforeAll(async () => {
  issuer = await startIssuer();
  const settings = parseSettings({ PORT: '0', TABLE_PREFIX: 'waybill-access', JWT_ISSUER: issuer.url });
  stack = await startStack({ settings, onLine: (_, line) => lines.push(line) });
  const authorization = await bearer('c-1', everyScope);
  const product = { name: 'Mug', priceMinor: 1250, currency: 'EUR' };
  expect(await ask('PUT', '/products/mug', { authorization, body: product })).toMatchObject({ status: 200 });
  const placed = await ask('POST', '/orders', {
    authorization: await bearer('c-1', 'orders'),
    headers: { 'idempotency-key': 'first' },
    body: { recipient, lines: [{ sku: 'mug', quantity: 1 }] },
  });
  expect(placed).toMatchObject({ status: 202 });
  orderId = String(placed.body['orderId']);
}, 60_000);
afterAll(async () => {
  await stack?.stop();
  await issuer?.stop();
}, 30_000);

const routes = deployedRoutes()
  .filter((route) => !isLastResort(route))
  .map((route) => [`${route.method} ${route.path}`, route] as const);
const guarded = routes.filter(([, { name }]) => access[name as keyof typeof access] !== 'open');
const open = routes.filter((route) => !guarded.includes(route));
const toPath = (path: string): string =>
  path.replace('{orderId}', orderId).replace('{sku}', 'mug').replace('{customerId}', 'c-9');
/** Fits no route: who gets past the token is told so, and nothing is done. */
const misfit = { body: { nonsense: true } };
const toBody = (method: string) => (method === 'GET' ? {} : misfit);

test('there is something to guard', () => {
  expect(guarded.length).toBeGreaterThanOrEqual(11);
});

test.each(guarded)('%s: every token that does not hold is refused with 401', async (_, { method, path }) => {
  for (const { name, authorization, code } of await makeBadTokens(issuer)) {
    if (authorization) tokens.push(authorization.split(' ')[1] ?? '');
    const answer = await ask(method, toPath(path), { ...toBody(method), authorization });
    expect([name, answer]).toEqual([
      name,
      {
        status: 401,
        type: 'application/problem+json',
        challenge: expect.stringMatching(/^Bearer realm="http:\/\/127\.0\.0\.1:\d+"/),
        body: expect.objectContaining({ status: 401, code, title: 'Unauthorized' }),
      },
    ]);
  }
});

test.each(guarded)('%s: a token without its scope is refused with 403', async (_, { name, method, path }) => {
  const needs = access[name as keyof typeof access] as readonly string[];
  const others = ['orders', 'stock', 'ops', 'order', 'orders:read'].filter((scope) => !needs.includes(scope));
  for (const scope of ['', ...others, others.join(' ')]) {
    const authorization = await bearer('c-1', scope);
    const answer = await ask(method, toPath(path), { ...toBody(method), authorization });
    expect([scope, answer]).toMatchObject([
      scope,
      {
        status: 403,
        challenge: expect.stringContaining(`error="insufficient_scope", scope="${needs.join(' ')}"`),
        body: { code: 'http/missing-scope' },
      },
    ]);
  }
});

test.each(guarded)('%s: each of its scopes alone gets in', async (_, { name, method, path }) => {
  for (const scope of access[name as keyof typeof access]) {
    const { status } = await ask(method, toPath(path), {
      ...toBody(method),
      authorization: await bearer('c-9', scope),
    });
    expect([401, 403, 500, 503]).not.toContain(status);
  }
});

test.each(open)('%s is open, with whatever token', async (_, { method, path }) => {
  expect(await ask(method, path)).toMatchObject({ status: 200 });
  expect(await ask(method, path, { authorization: 'Bearer garbage' })).toMatchObject({ status: 200 });
});

test.each(routes)('%s: a parameter that there is not is refused, and nothing is done', async (_, { method, path }) => {
  const authorization = await bearer('op-1', everyScope);
  const headers = { 'idempotency-key': 'unknown' };
  const body = method === 'GET' ? {} : { body: {} };
  const answer = await ask(method, `${toPath(path)}?nonsense=1`, { authorization, headers, ...body });
  expect(answer).toMatchObject({ status: 400, body: { code: 'http/invalid' } });
  expect(answer.body['errors']).toContainEqual({ field: 'nonsense', message: 'unknown parameter' });
});

describe('another customer', () => {
  const ofOrder = guarded.filter(([, { path }]) => path.includes('{orderId}'));

  test.each(ofOrder)('%s: the order is not told from one that does not exist', async (_, { method, path }) => {
    const authorization = await bearer('c-2', 'orders stock');
    const answer = await ask(method, toPath(path), { authorization });
    const missing = await ask(method, path.replace('{orderId}', '0b6f0a44-0f2c-5d7e-9f55-6b4f3f0a1c11'), {
      authorization,
    });
    const { correlationId: _one, ...problem } = answer.body;
    const { correlationId: _other, ...expected } = missing.body;
    expect([answer.status, problem]).toEqual([404, expected]);
  });

  test('lists their own orders, and names nobody', async () => {
    const authorization = await bearer('c-2', 'orders');
    expect(await ask('GET', '/orders', { authorization })).toMatchObject({ status: 200, body: { orders: [] } });
    expect(await ask('GET', '/orders?customerId=c-1', { authorization })).toMatchObject({
      status: 403,
      body: { code: 'http/customer-refused' },
    });
  });

  test('does not place orders for somebody, and the same key is another order', async () => {
    const authorization = await bearer('c-2', 'orders');
    const place = (body: object) =>
      ask('POST', '/orders', { authorization, body, headers: { 'idempotency-key': 'first' } });
    const order = { recipient, lines: [{ sku: 'mug', quantity: 1 }] };
    expect(await place({ ...order, customerId: 'c-1' })).toMatchObject({ status: 403 });
    const placed = await place(order);
    expect(placed).toMatchObject({ status: 202 });
    expect(placed.body['orderId']).not.toBe(orderId);
  });

  test('erases nobody but themselves', async () => {
    const authorization = await bearer('c-2', 'orders');
    expect(await ask('DELETE', '/customers/c-1/data', { authorization })).toMatchObject({
      status: 403,
      body: { code: 'http/customer-refused' },
    });
    expect(await ask('DELETE', '/customers/c-2/data', { authorization })).toMatchObject({ status: 204 });
  });

  test('the order’s customer and an operator find it as it was placed, uncancelled', async () => {
    for (const authorization of [await bearer('c-1', 'orders'), await bearer('op-1', 'orders ops')]) {
      expect(await ask('GET', `/orders/${orderId}`, { authorization })).toMatchObject({
        status: 200,
        body: { customerId: 'c-1', recipient, status: expect.not.stringMatching('cancelled') },
      });
    }
  });
});

describe('who says twice who they are', () => {
  /** Each header as often as it is given: fetch would join them. */
  const askRaw = (headers: readonly (readonly [name: string, value: string])[]): Promise<number | undefined> =>
    new Promise((resolve, reject) => {
      const url = new URL(`/orders/${orderId}`, stack.url);
      request(url, { headers: ['host', url.host, ...headers.flat()] }, (response) => {
        response.resume().on('end', () => resolve(response.statusCode));
      })
        .on('error', reject)
        .end();
    });
  const own = { sub: 'c-1', scope: everyScope };

  test('is who the verified token says, whatever comes beside it', async () => {
    const override = ['sls-offline-authorizer-override', JSON.stringify({ jwt: { claims: own } })] as const;
    const stranger = ['authorization', await bearer('c-2', 'orders')] as const;
    const forged = (await makeBadTokens(issuer)).find(({ name }) => name === 'signed by another key');
    const second = ['authorization', forged?.authorization ?? ''] as const;
    expect(await askRaw([['authorization', await bearer('c-1', 'orders')]])).toBe(200);
    expect(await askRaw([stranger])).toBe(404);
    expect(await askRaw([stranger, override])).toBe(404);
    expect(await askRaw([stranger, second])).toBe(404);
    expect(await askRaw([second, stranger])).toBe(401);
    expect(await askRaw([override])).toBe(401);
  });

  test('the scheme’s case and spaces are no matter', async () => {
    const [, token] = (await bearer('c-1', 'orders')).split(' ');
    for (const authorization of [`bearer ${token}`, `BEARER   ${token}`])
      expect(await askRaw([['authorization', authorization]])).toBe(200);
  });
});

describe('npm run token', () => {
  async function run(port: string, ...args: readonly string[]) {
    const child = spawn(process.execPath, ['infra/local/token.ts', ...args], { env: { ...process.env, PORT: port } });
    const [out, problem] = await Promise.all([text(child.stdout), text(child.stderr)]);
    return { out, problem };
  }

  test('prints a token that gets in, and nothing else', async () => {
    const { out, problem } = await run(
      '1',
      '--port',
      new URL(stack.url).port,
      '--customer',
      'c-1',
      '--scope',
      'orders stock',
    );
    expect([out, problem]).toEqual([expect.stringMatching(/^[\w-]+\.[\w-]+\.[\w-]+\n$/), '']);
    tokens.push(out.trim());
    const authorization = `Bearer ${out.trim()}`;
    expect(await ask('GET', `/orders/${orderId}`, { authorization })).toMatchObject({ status: 200 });
    expect(await ask('GET', '/ops/relay', { authorization })).toMatchObject({ status: 403 });
  });

  test('says what to do when no system runs', async () => {
    expect(await run('1')).toEqual({
      out: '',
      problem: 'npm run token: no system runs at http://127.0.0.1:1: start one with npm start\n',
    });
  });

  test('refuses an argument it does not know', async () => {
    expect(await run('1', '--user', 'c-1')).toMatchObject({
      out: '',
      problem: expect.stringMatching(/^npm run token: .*--user/),
    });
  });
});

test('no token is in any log, nor in what the store holds', async () => {
  tokens.push(await requestToken(stack.url, { customer: 'c-1', scope: 'orders' }));
  const insight = createInsight(stack);
  const events = [...(await insight.readStreams()).values()].flat();
  await insight.close();
  const written = `${lines.join('\n')}\n${JSON.stringify(events, (_, value) => (typeof value === 'bigint' ? Number(value) : value))}`;
  expect(written).toContain('request answered');
  expect(written).toContain('OrderCreated');
  const parts = new Set(tokens.flatMap((token) => token.split('.')).filter((part) => part.length > 20));
  expect(parts.size).toBeGreaterThan(20);
  expect([...parts].filter((part) => written.includes(part))).toEqual([]);
});
