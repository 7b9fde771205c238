import { describe, expect, test } from '@jest/globals';
import { route } from '../../../shared/http/route.ts';
import { silentLogger } from '../../../shared/observe/logger.ts';
import { createInMemoryEventStore } from '../../../shared/store/inMemoryEventStore.ts';
import { createInMemorySnapshots } from '../../../shared/store/inMemorySnapshots.ts';
import { admitting, operator } from '../../../shared/testing/callers.ts';
import { callRoute } from '../../../shared/testing/callRoute.ts';
import { toHttpEvent } from '../../../shared/testing/lambdaEvents.ts';
import { createHandler as createGetStock } from '../getStock/handler.ts';
import { parseRequest as parseGetStock } from '../getStock/request.ts';
import { createHandler } from './handler.ts';
import { parseRequest } from './request.ts';

function makeRoutes() {
  const store = createInMemoryEventStore();
  const clock = { now: () => new Date('2026-11-23T10:00:00.000Z') };
  const deps = { store, clock, snapshots: createInMemorySnapshots(), logger: silentLogger };
  const receive = route(silentLogger, admitting(operator), parseRequest, createHandler(deps));
  const get = route(
    silentLogger,
    admitting(operator),
    parseGetStock,
    createGetStock({ table: { read: async () => undefined }, store }),
  );
  return {
    receive: (body: unknown, headers: Record<string, string> = {}, sku = 'mug') =>
      callRoute(receive, toHttpEvent({ body, headers, path: { sku } })),
    get: (sku = 'mug', query: Record<string, string> = {}) => callRoute(get, toHttpEvent({ path: { sku }, query })),
  };
}

describe('POST /stock/{sku}/receipts and GET /stock/{sku}', () => {
  test('what was received is there', async () => {
    const { receive, get } = makeRoutes();
    expect(await receive({ quantity: 100 })).toMatchObject({ status: 202, body: { sku: 'mug', revision: 0 } });
    expect(await get()).toMatchObject({
      status: 200,
      body: { sku: 'mug', onHand: 100, reserved: 0, available: 100, revision: 0 },
    });
  });

  test('without a key each request is another delivery; with one it is counted once', async () => {
    const { receive, get } = makeRoutes();
    for (const headers of [{}, {}, { 'Idempotency-Key': 'd-1' }, { 'Idempotency-Key': 'd-1' }]) {
      await receive({ quantity: 10 }, headers);
    }
    expect(await get()).toMatchObject({ body: { onHand: 30, revision: 2 } });
  });

  test('the same key with another quantity is refused', async () => {
    const { receive } = makeRoutes();
    await receive({ quantity: 10 }, { 'Idempotency-Key': 'd-1' });
    const answer = await receive({ quantity: 11 }, { 'Idempotency-Key': 'd-1' });
    expect(answer).toMatchObject({ status: 422, body: { code: 'stock/key-reused' } });
  });

  test('the same key with two quantities at once: one of them is refused', async () => {
    const { receive } = makeRoutes();
    const answers = await Promise.all([5, 9].map((quantity) => receive({ quantity }, { 'Idempotency-Key': 'd-1' })));
    expect(answers.map(({ status }) => status).toSorted()).toEqual([202, 422]);
  });

  test('a SKU that never was received, or not yet at that revision, is not found', async () => {
    const { receive, get } = makeRoutes();
    expect(await get()).toMatchObject({ status: 404, body: { code: 'stock/not-found' } });
    await receive({ quantity: 1 });
    expect(await get('mug', { minRevision: '1' })).toMatchObject({ status: 404 });
  });

  test.each([
    ['quantity', { quantity: 0 }, 'mug', '/quantity'],
    ['quantity', {}, 'mug', '/quantity'],
    ['unknown field', { quantity: 1, price: 1 }, 'mug', '/price'],
    ['SKU', { quantity: 1 }, 'a b', 'sku'],
  ])('a wrong %s is refused by name', async (_, body, sku, field) => {
    expect(await makeRoutes().receive(body, {}, sku)).toMatchObject({ status: 400, body: { errors: [{ field }] } });
  });
});
