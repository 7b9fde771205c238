import { describe, expect, test } from '@jest/globals';
import * as z from 'zod/mini';
import { Fault } from '../kernel/fault.ts';
import { silentLogger } from '../observe/logger.ts';
import { admitting, operator } from '../testing/callers.ts';
import { callRoute } from '../testing/callRoute.ts';
import { toHttpEvent } from '../testing/lambdaEvents.ts';
import { reply } from './reply.ts';
import { parseJsonBody } from './request.ts';
import { type Answer, route } from './route.ts';

const said = { name: 'Ada' };
const schema = z.strictObject({ name: z.string() });

function post(
  body: unknown,
  headers: Record<string, string> = {},
  handle: () => Promise<Answer> = async () => reply(202, {}),
) {
  const handler = route(silentLogger, admitting(operator), (event) => parseJsonBody(event, schema), handle);
  return callRoute(handler, toHttpEvent({ body, headers }));
}

describe('every route', () => {
  test.each([
    ['not JSON', '{"name":', 400, 'http/malformed-json'],
    ['damaged on its way', JSON.stringify({ name: 'J\ufffdrg' }), 400, 'http/malformed-json'],
    ['over 64 KiB', JSON.stringify({ name: 'x'.repeat(64 * 1024) }), 413, 'http/too-large'],
  ])('refuses a body that is %s', async (_, body, status, code) => {
    expect(await post(body)).toMatchObject({ status, body: { code } });
  });

  test.each(['application/vnd.acme.v2+json', 'application/vnd.acme+json; charset=utf-8', 'Application/JSON'])(
    'takes JSON that is called %s',
    async (type) => {
      expect(await post(said, { 'content-type': type })).toMatchObject({ status: 202 });
    },
  );

  test('refuses another content type', async () => {
    const answer = await post('a=b', { 'content-type': 'application/x-www-form-urlencoded' });
    expect(answer).toMatchObject({ status: 415, body: { code: 'http/not-json' } });
  });

  test('answers 503 when a part is down, says when to come back, and not a word of its error', async () => {
    const answer = await post(said, {}, async () => {
      throw new Fault('store/unavailable', 'connect ECONNREFUSED 10.0.0.7:2113');
    });
    expect(answer).toMatchObject({ status: 503, headers: { 'retry-after': '1' }, body: { code: 'store/unavailable' } });
    expect(JSON.stringify(answer)).not.toContain('10.0.0.7');
  });

  test('answers a defect with 500 and the correlation id alone', async () => {
    const answer = await post(said, {}, async () => {
      throw new TypeError('secret');
    });
    expect(answer).toMatchObject({ status: 500, body: { code: 'http/defect', correlationId: 'correlation-1' } });
    expect(JSON.stringify(answer)).not.toContain('secret');
  });

  test('replaces a correlation id that is none of ours', async () => {
    const { headers } = await post(said, { 'x-correlation-id': 'a b\n{}' });
    expect(headers['x-correlation-id']).toMatch(/^[0-9a-f-]{36}$/);
  });
});
