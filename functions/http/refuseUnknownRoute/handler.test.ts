import { expect, test } from '@jest/globals';
import { createAdmit } from '../../../shared/http/admit.ts';
import { route } from '../../../shared/http/route.ts';
import { silentLogger } from '../../../shared/observe/logger.ts';
import { callRoute } from '../../../shared/testing/callRoute.ts';
import { toHttpEvent } from '../../../shared/testing/lambdaEvents.ts';
import { createHandler } from './handler.ts';
import { parseRequest } from './request.ts';
import { toRoutes } from './routes.ts';

const routes = toRoutes({
  '/orders': { post: {} },
  '/orders/{orderId}': { get: {}, put: {} },
  '/orders/{orderId}/events': { get: {} },
});
const handler = route(silentLogger, createAdmit('open'), parseRequest, createHandler(routes));
const ask = (method: string, rawPath: string) => callRoute(handler, toHttpEvent({ method, rawPath }));

test.each(['/nowhere', '/', '/orders/', '/orders/1/2/3'])('%s is nowhere', async (path) => {
  expect(await ask('GET', path)).toMatchObject({
    status: 404,
    headers: { 'content-type': 'application/problem+json' },
    body: { code: 'http/no-such-route', title: 'Not Found', detail: `nothing answers GET ${path}` },
  });
});

test.each([
  ['DELETE', '/orders', 'POST'],
  ['DELETE', '/orders/1', 'GET, PUT'],
  ['POST', '/orders/1/events', 'GET'],
])('%s %s is told what is allowed there: %s', async (method, path, allow) => {
  expect(await ask(method, path)).toMatchObject({
    status: 405,
    headers: { 'content-type': 'application/problem+json', allow },
    body: { code: 'http/method-not-allowed', title: 'Method Not Allowed' },
  });
});

test.each([
  ['/orders', 'OPTIONS, POST'],
  ['/orders/1', 'OPTIONS, GET, PUT'],
  ['/nowhere', 'OPTIONS'],
])("a browser's preflight of %s is let through", async (path, allow) => {
  const { status, headers, body } = await ask('OPTIONS', path);
  expect([status, headers['allow'], body]).toEqual([204, allow, undefined]);
});

test('a path of any length is answered shortly', async () => {
  const { body } = await ask('GET', `/${'x'.repeat(8_000)}`);
  expect(JSON.stringify(body).length).toBeLessThan(500);
});
