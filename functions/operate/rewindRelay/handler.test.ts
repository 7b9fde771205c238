import { beforeAll, expect, test } from '@jest/globals';
import { route } from '../../../shared/http/route.ts';
import { silentLogger } from '../../../shared/observe/logger.ts';
import { admitting, operator } from '../../../shared/testing/callers.ts';
import { callRoute } from '../../../shared/testing/callRoute.ts';
import { toHttpEvent } from '../../../shared/testing/lambdaEvents.ts';
import { makeRelay } from '../../../shared/testing/makeRelay.ts';
import { createHandler } from './handler.ts';
import { parseRequest } from './request.ts';

const { store, append } = makeRelay();
beforeAll(() => append('order-1', 9));
const position = { commit: 9n, prepare: 8n };

function ask(body: unknown) {
  const handler = createHandler({
    store,
    readLease: async () => ({ fencing: 1, renewedAt: '', position }),
    rewindLease: async () => true,
    logger: silentLogger,
  });
  return callRoute(route(silentLogger, admitting(operator), parseRequest, handler), toHttpEvent({ body }));
}

test('says from where to where', async () => {
  expect(await ask({ to: '4' })).toMatchObject({ status: 200, body: { from: '9/8', to: '4/4' } });
  expect(await ask({ to: 'start' })).toMatchObject({ status: 200, body: { from: '9/8', to: 'start' } });
});

test('a refusal names the checkpoint', async () => {
  expect(await ask({ to: '9' })).toMatchObject({
    status: 422,
    body: { code: 'relay/not-behind', position: '9/8' },
  });
});

test.each([{}, { to: 4 }, { to: 'yesterday' }, { to: '' }, { to: '4', from: '3' }])('refuses %j', async (body) => {
  expect(await ask(body)).toMatchObject({ status: 400, body: { code: 'http/invalid' } });
});
