import { createServer } from 'node:http';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import * as z from 'zod/mini';
import { listen } from '../../infra/local/listen.ts';
import type { RunningServer } from '../../infra/local/program.ts';
import type { Fault } from '../kernel/fault.ts';
import { createJsonPost } from './httpJson.ts';

const asked: { readonly path: string | undefined; readonly key: unknown }[] = [];
let answer: { readonly status: number; readonly body: string };
let server: RunningServer;
beforeEach(async () => {
  asked.length = 0;
  const provider = createServer((request, response) => {
    asked.push({ path: request.url, key: request.headers['idempotency-key'] });
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body);
  });
  server = await listen(provider, 0);
});
afterEach(() => server.stop());

const faults = { setting: 'PAYMENTS_URL', unavailable: 'payments/unavailable', refused: 'payments/refused' } as const;
const post = (base = '') =>
  createJsonPost(`${server.url}${base}`, { timeoutMs: 500, ...faults })(
    'things',
    'key-1',
    {},
    z.object({ id: z.int() }),
  );

test.each(['', '/', '/v2', '/v2/'])('the path of the base %p is kept, and the key is told', async (base) => {
  answer = { status: 200, body: '{"id":1}' };
  expect(await post(base)).toEqual({ id: 1 });
  expect(asked).toEqual([{ path: `${base.replace(/\/$/, '')}/things`, key: 'key-1' }]);
});

test.each([401, 403, 404, 405, 408, 409, 410, 425, 429, 500, 503])(
  '%d says nothing of the request: it may be asked again',
  async (status) => {
    answer = { status, body: '{}' };
    await expect(post()).rejects.toMatchObject({ code: 'payments/unavailable' });
    expect(asked).toHaveLength(1);
  },
);

test.each([
  [400, '{}'],
  [422, '{}'],
  [400, 'no parcels to Ada Lovelace'],
  [422, ''],
  [200, '{"id":"one"}'],
  [201, '{"id":1}'],
])('%d %s is refused for good', async (status, body) => {
  answer = { status, body };
  await expect(post()).rejects.toMatchObject({ code: 'payments/refused' });
});

test.each(['{"id":', 'Ada Lovelace is nobody we know', ''])('an answer that is no JSON is none: %j', async (body) => {
  answer = { status: 200, body };
  const fault = (await post().catch((error: unknown) => error)) as Fault;
  expect([fault.code, fault.message, fault.cause]).toEqual([
    'payments/unavailable',
    `POST things to ${new URL(server.url).host}: the answer is no JSON`,
    undefined,
  ]);
});

const faultOf = (asking: Promise<unknown>): Promise<Fault> => asking.then(fail, (error: Fault) => error);
const fail = (): never => {
  throw new Error('it was answered');
};

test.each([401, 403, 404, 405, 410])('%d asks whether the address and its credentials are right', async (status) => {
  answer = { status, body: '{}' };
  const { message } = await faultOf(post('/secret-path'));
  const host = new URL(server.url).host;
  expect(message).toBe(`POST things to ${host}: status ${status}: are PAYMENTS_URL and its credentials right?`);
});

test('what is not answered names the host, and why', async () => {
  await server.stop();
  const { host } = new URL(server.url);
  const { message } = await faultOf(post('/secret-path'));
  expect(message).toBe(`POST things to ${host}: connect ECONNREFUSED ${host}: is PAYMENTS_URL right?`);
});

const form = z.union([
  z.object({ status: z.literal('taken'), name: z.string().check(z.maxLength(5)) }),
  z.object({ status: z.literal('declined'), lines: z.array(z.object({ sku: z.string() })) }),
]);

test.each([
  ['{"status":"taken","name":"Ada Lovelace"}', 'name'],
  ['{"status":"declined","lines":[{"sku":"a"},{"sku":1}]}', 'status, name, lines.1.sku'],
  ['"Ada Lovelace"', 'all of it'],
])('an answer of another form, %s, is refused by what is wrong with it, without what it says', async (body, where) => {
  answer = { status: 200, body };
  const asking = createJsonPost(server.url, { timeoutMs: 500, ...faults })('things', 'key-1', {}, form);
  const { code, message, cause } = await faultOf(asking);
  const { host } = new URL(server.url);
  expect([code, message, cause]).toEqual([
    'payments/refused',
    `POST things to ${host}: the answer is not of the agreed form: ${where}`,
    undefined,
  ]);
});

test('an address with a user and a password, which can not be asked, is refused without them', () => {
  const create = () => createJsonPost('https://shop:secret@payments.example/', { timeoutMs: 500, ...faults });
  expect(create).toThrow(
    expect.objectContaining({
      code: 'config/invalid',
      message: 'PAYMENTS_URL holds a user or a password: expected an address without',
    }),
  );
});
