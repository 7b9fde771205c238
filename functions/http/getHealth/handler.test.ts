import { expect, test } from '@jest/globals';
import { createAdmit } from '../../../shared/http/admit.ts';
import { route } from '../../../shared/http/route.ts';
import { silentLogger } from '../../../shared/observe/logger.ts';
import { callRoute } from '../../../shared/testing/callRoute.ts';
import { toHttpEvent } from '../../../shared/testing/lambdaEvents.ts';
import { createHandler, type Deps } from './handler.ts';

const up = async () => undefined;
const down = async () => {
  throw new Error('no');
};
const ask = (checks: Deps['checks']) =>
  callRoute(
    route(silentLogger, createAdmit('open'), () => undefined, createHandler({ checks })),
    toHttpEvent({ method: 'GET' }),
  );

test('healthy while every part answers', async () => {
  expect(await ask({ store: up, tables: up })).toMatchObject({
    status: 200,
    body: { status: 'ok', checks: { store: 'ok', tables: 'ok' } },
  });
});

test('names the part that does not, in a problem', async () => {
  expect(await ask({ store: down, tables: up })).toMatchObject({
    status: 503,
    headers: { 'content-type': 'application/problem+json', 'retry-after': '1' },
    body: { status: 503, code: 'http/unhealthy', checks: { store: 'down', tables: 'ok' } },
  });
});
