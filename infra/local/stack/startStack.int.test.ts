import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
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
