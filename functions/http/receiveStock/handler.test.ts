import { describe, expect, test } from '@jest/globals';
import type { Caller } from '../../../shared/http/caller.ts';
import { route } from '../../../shared/http/route.ts';
import { type LogFields, silentLogger } from '../../../shared/observe/logger.ts';
import type { EventStore } from '../../../shared/store/eventStore.ts';
import { createInMemoryEventStore } from '../../../shared/store/inMemoryEventStore.ts';
import { createInMemorySnapshots } from '../../../shared/store/inMemorySnapshots.ts';
import { stoppedClock as clock } from '../../../shared/testing/builders.ts';
import { admitting, operator } from '../../../shared/testing/callers.ts';
import { callRoute } from '../../../shared/testing/callRoute.ts';
import { toHttpEvent } from '../../../shared/testing/lambdaEvents.ts';
import { createHandler as createGetStock } from '../getStock/handler.ts';
import { parseRequest as parseGetStock } from '../getStock/request.ts';
import { createHandler } from './handler.ts';
import { parseRequest } from './request.ts';

function makeRoutes() {
  const inner = createInMemoryEventStore();
  let conflicts = 0;
  const store: EventStore = {
    ...inner,
    async append(...args) {
      const result = await inner.append(...args);
      if (result.outcome === 'conflict') conflicts += 1;
      return result;
    },
  };
  const deps = { store, clock, snapshots: createInMemorySnapshots(), logger: silentLogger };
  const logged: LogFields[] = [];
  const logger = { ...silentLogger, info: (_: string, fields: LogFields = {}) => void logged.push(fields) };
  const handle = createHandler(deps);
  const receiveFrom = (caller: Caller) => route(logger, admitting(caller), parseRequest, handle);
  const get = route(
    silentLogger,
    admitting(operator),
    parseGetStock,
    createGetStock({ table: { read: async () => undefined }, store }),
  );
  return {
    receive: (body: unknown, headers: Record<string, string> = {}, sku = 'mug', caller: Caller = operator) =>
      callRoute(receiveFrom(caller), toHttpEvent({ body, headers, path: { sku } })),
    logged,
    conflicts: () => conflicts,
    events: () => Array.fromAsync(inner.read('stock-mug')),
    get: (sku = 'mug', query: Record<string, string> = {}) => callRoute(get, toHttpEvent({ path: { sku }, query })),
  };
}

describe('POST /stock/{sku}/receipts and GET /stock/{sku}', () => {
  test.each(['minRevison', 'sku'])('a parameter that there is not is refused: %s', async (field) => {
    const answer = await makeRoutes().get('mug', { [field]: '1' });
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ field, message: 'unknown parameter' }] } });
  });

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

  test('the same key of two callers is two deliveries', async () => {
    const { receive, get } = makeRoutes();
    for (const customerId of ['dock-1', 'dock-2', 'dock-1']) {
      await receive({ quantity: 10 }, { 'Idempotency-Key': 'd-1' }, 'mug', { ...operator, customerId });
    }
    expect(await get()).toMatchObject({ body: { onHand: 20, revision: 1 } });
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

  test("a request's log line says what it wrote where, a repeat's that nothing new was, a refusal's where", async () => {
    const { receive, events, logged } = makeRoutes();
    for (const quantity of [10, 10, 11]) await receive({ quantity }, { 'Idempotency-Key': 'd-1' });
    const [event] = await events();
    const { id: eventId, metadata } = event ?? {};
    const line = { stream: 'stock-mug', correlationId: 'correlation-1', routeKey: 'TEST /' };
    const durationMs = expect.any(Number);
    const { causationId } = metadata ?? {};
    expect(logged).toEqual([
      { ...line, statusCode: 202, revision: 0n, eventId, causationId, durationMs },
      { ...line, statusCode: 202, revision: 0n, causationId, durationMs },
      { ...line, statusCode: 422, causationId: expect.any(String), durationMs },
    ]);
    expect(eventId).toBeDefined();
  });

  test('many deliveries at once take turns: every one is counted, and none loses a race', async () => {
    const { receive, get, conflicts } = makeRoutes();
    const answers = await Promise.all(Array.from({ length: 50 }, () => receive({ quantity: 1 })));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    expect(await get()).toMatchObject({ body: { onHand: 50, revision: 49 } });
    expect(conflicts()).toBe(0);
  });

  test('a SKU that never was received is not found; one that is not yet at that revision says so', async () => {
    const { receive, get } = makeRoutes();
    expect(await get()).toMatchObject({ status: 404, body: { code: 'stock/not-found' } });
    await receive({ quantity: 1 });
    expect(await get('mug', { minRevision: '1' })).toMatchObject({
      status: 409,
      body: { code: 'stock/revision-not-reached', revision: 0 },
    });
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
