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

const faults = { unavailable: 'payments/unavailable', refused: 'payments/refused' } as const;
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
    'POST things: the answer is no JSON',
    undefined,
  ]);
});
