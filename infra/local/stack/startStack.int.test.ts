import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { recipient } from '../../../shared/testing/personal.ts';
import { requestToken } from '../issuer/requestToken.ts';
import { parseSettings } from './settings.ts';
import { type Stack, startStack } from './startStack.ts';
import type { UnexpectedEnd } from './supervisor.ts';

const startTimeoutMs = 60_000;
const ended: UnexpectedEnd[] = [];
let stack: Stack;

beforeAll(async () => {
  const settings = parseSettings({ PORT: '0', TABLE_PREFIX: 'waybill-test' });
  stack = await startStack({ settings, onUnexpectedEnd: (end) => ended.push(end) });
}, startTimeoutMs);
afterAll(() => stack.stop(), startTimeoutMs);

const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};
const isOpen = (address: string): Promise<boolean> =>
  new Promise((resolve) => {
    const { port } = new URL(address);
    const socket = connect(Number(port), '127.0.0.1', () => resolve(true));
    socket.on('error', () => resolve(false)).on('connect', () => socket.destroy());
  });
const getHealth = async (): Promise<number> => (await fetch(`${stack.url}/health`)).status;

test('every server that was not given has been started, and the functions reach them', async () => {
  expect(await getHealth()).toBe(200);
  expect(Object.values(stack.addresses)).toEqual([
    expect.stringMatching(/^esdb:\/\/127\.0\.0\.1:\d+/),
    expect.stringMatching(/^amqp:\/\/\S*127\.0\.0\.1:\d+/),
    expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+/),
    expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+/),
    expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+/),
    expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+/),
    expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+/),
  ]);
});

test.each([
  ['latin1', '{"name":"J\u00fcrg","priceMinor":1250,"currency":"EUR"}', 'http/malformed-json'],
  ['utf8', 'x', 'http/malformed-json'],
  ['utf8', '"x"', 'http/invalid'],
  ['utf8', '[]', 'http/invalid'],
  ['utf8', '0', 'http/invalid'],
] as const)('a body reaches the functions as it was sent: in %s, %j', async (encoding, body, code) => {
  const token = await requestToken(stack.url, { customer: 'c-1', scope: 'stock' });
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const request = { method: 'PUT', headers, body: Buffer.from(body, encoding) };
  const answer = await fetch(`${stack.url}/products/mug`, request);
  expect(await answer.json()).toMatchObject({ status: 400, code });
});

describe('as API Gateway does,', () => {
  const ask = async (method: string, path: string, headers: Readonly<Record<string, string>> = {}) => {
    const answer = await fetch(`${stack.url}${path}`, { method, headers });
    return { status: answer.status, headers: answer.headers, text: await answer.text() };
  };

  test('an answer is given whole, whatever part of it is asked for, and kept by nobody', async () => {
    const whole = await ask('GET', '/openapi.json');
    expect(whole.headers.get('cache-control')).toBe('public, max-age=300');
    const part = await ask('GET', '/openapi.json', { range: 'bytes=0-1', 'if-none-match': '*' });
    expect([part.status, part.text === whole.text]).toEqual([200, true]);
    const health = await ask('GET', '/health');
    expect(health.headers.get('cache-control')).toBe('no-store');
    expect(health.headers.get('x-content-type-options')).toBe('nosniff');
  });

  test('the same that is known already is given again', async () => {
    const token = await requestToken(stack.url, { customer: 'c-1', scope: 'orders stock' });
    const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json', 'idempotency-key': 'k' };
    const product = JSON.stringify({ name: 'Mug', priceMinor: 1250, currency: 'EUR' });
    await fetch(`${stack.url}/products/mug`, { method: 'PUT', headers, body: product });
    const body = JSON.stringify({ recipient, lines: [{ sku: 'mug', quantity: 1 }] });
    const placed = await fetch(`${stack.url}/orders`, { method: 'POST', headers, body });
    const path = placed.headers.get('location') ?? '';
    const etag = (await ask('GET', path, headers)).headers.get('etag') ?? '';
    expect(etag).toMatch(/^"\d+"$/);
    expect(await ask('GET', path, { ...headers, 'if-none-match': etag })).toMatchObject({ status: 200 });
  });

  test('HEAD is a method that no route takes', async () => {
    const { status, headers } = await ask('HEAD', '/health');
    expect([status, headers.get('allow')]).toEqual([405, 'GET']);
    expect(await ask('HEAD', '/nowhere')).toMatchObject({ status: 404 });
  });

  test('OPTIONS that is no preflight is answered by the function for what no route takes', async () => {
    const { status, headers } = await ask('OPTIONS', '/orders');
    expect([status, headers.get('allow')]).toEqual([204, 'OPTIONS, POST, GET']);
    const preflight = { origin: 'http://localhost:8080', 'access-control-request-method': 'POST' };
    expect((await ask('OPTIONS', '/orders', preflight)).headers.get('access-control-allow-origin')).toBe(
      preflight.origin,
    );
  });

  test.each(['/health/', '/orders/', '/health/?a=b'])(
    'a path with a slash behind it is another one: %s',
    async (path) => {
      const { status, text } = await ask('GET', path);
      const detail = `nothing answers GET ${path.split('?')[0]}`;
      expect([status, JSON.parse(text)]).toMatchObject([404, { code: 'http/no-such-route', detail }]);
    },
  );

  test('a path that can’t be read is told so', async () => {
    expect(await ask('GET', '/%zz/')).toMatchObject({ status: 400 });
  });
});

test('a part without state is killed and started again while the rest stays up, and nobody calls it unexpected', async () => {
  const { pid } = stack.relay;

  await stack.relay.kill();
  expect(isRunning(pid)).toBe(false);
  await stack.relay.restart();

  expect(isRunning(stack.relay.pid)).toBe(true);
  expect(stack.relay.pid).not.toBe(pid);
  expect(await getHealth()).toBe(200);
  expect(ended).toEqual([]);
});

test('functions come back under the same address', async () => {
  await stack.functions.restart();

  expect(await getHealth()).toBe(200);
});

test('a port that is in use is named, with what to do', async () => {
  const { port } = new URL(stack.url);

  await expect(startStack({ settings: parseSettings({ PORT: port }) })).rejects.toThrow(
    `port ${port} on 127.0.0.1 is in use: end what listens there, or choose another`,
  );
});

test('an address where nothing listens is named, with what to do', async () => {
  const settings = parseSettings({ PORT: '0', RABBITMQ_URL: 'amqp://guest:guest@127.0.0.1:1' });

  await expect(startStack({ settings })).rejects.toThrow(
    'RABBITMQ_URL: cannot use amqp://127.0.0.1:1 (connect ECONNREFUSED 127.0.0.1:1): correct RABBITMQ_URL, or unset it',
  );
});

test('a virtual host that is not there is named, with what to do', async () => {
  const broker = new URL(stack.addresses.broker);
  const settings = parseSettings({ PORT: '0', RABBITMQ_URL: `amqp://guest:guest@${broker.host}/nowhere` });

  await expect(startStack({ settings })).rejects.toThrow(
    `RABBITMQ_URL: cannot use amqp://${broker.host}/nowhere (${broker.host} has no virtual host 'nowhere' for user 'guest': create it`,
  );
});

test('stopping, twice even, leaves no process and no port behind', async () => {
  const pids = [stack.relay.pid, stack.eventSource.pid, stack.functions.pid];

  await Promise.all([stack.stop(), stack.stop()]);

  expect(pids.map(isRunning)).toEqual([false, false, false]);
  expect(await Promise.all([stack.url, ...Object.values(stack.addresses)].map(isOpen))).not.toContain(true);
  expect(ended).toEqual([]);
});
