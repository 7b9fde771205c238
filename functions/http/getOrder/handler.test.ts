import { describe, expect, test } from '@jest/globals';
import type { Caller } from '../../../shared/http/caller.ts';
import { route } from '../../../shared/http/route.ts';
import { toEventId } from '../../../shared/kernel/ids.ts';
import { silentLogger } from '../../../shared/observe/logger.ts';
import { type OrderView, projectOrder } from '../../../shared/readModels/orderView.ts';
import type { ViewRow } from '../../../shared/readModels/readView.ts';
import { createInMemoryEventStore } from '../../../shared/store/inMemoryEventStore.ts';
import { admitting, customer, operator } from '../../../shared/testing/callers.ts';
import { callRoute } from '../../../shared/testing/callRoute.ts';
import { toHttpEvent } from '../../../shared/testing/lambdaEvents.ts';
import { makePersonal, recipient } from '../../../shared/testing/personal.ts';
import { createHandler } from './handler.ts';
import { parseRequest } from './request.ts';

const orderId = '0b6f0a44-0f2c-5d7e-9f55-6b4f3f0a1c11';
const stream = `order-${orderId}`;
const lines = [{ sku: 'mug', name: 'Mug', quantity: 2, unitPriceMinor: 1250 }];
const personal = makePersonal();
const sealed = await personal.seal('c-1', recipient);
const history = [
  {
    type: 'OrderCreated',
    data: { orderId, customerId: 'c-1', recipient: sealed, lines, totalMinor: 2500, currency: 'EUR' },
  },
  { type: 'OrderConfirmed', data: { orderId } },
  { type: 'OrderGiftWrapped', data: { orderId } },
];

/** A route over a stream with the first `written` events of the history and a view that has taken in `projected` of them. */
async function makeRoute(written: number, projected: number, caller: Caller = operator) {
  const store = createInMemoryEventStore();
  const events = history.slice(0, written).map((event, n) => ({
    ...event,
    id: toEventId('cause', 'test', stream, n, event.type),
    metadata: {
      correlationId: 'correlation-1',
      causationId: 'cause-1',
      schemaVersion: 2,
      occurredAt: `2026-11-23T10:00:0${n}.000Z`,
      actor: 'test',
    },
  }));
  await store.append(stream, events, 'no-stream');
  let row: ViewRow<OrderView> | undefined;
  for await (const event of store.read(stream)) {
    if (event.revision >= projected) break;
    const view = projectOrder(row?.view, event);
    if (view) row = { view, revision: event.revision };
  }
  const handler = route(
    silentLogger,
    admitting(caller),
    parseRequest,
    createHandler({ table: { read: async () => row }, store, personal }),
  );
  return (query?: Record<string, string>, id = orderId) =>
    callRoute(handler, toHttpEvent({ path: { orderId: id }, ...(query && { query }) }));
}

describe('GET /orders/{orderId}', () => {
  test('answers from the view', async () => {
    const get = await makeRoute(3, 1);
    expect(await get()).toMatchObject({
      status: 200,
      body: { orderId, status: 'created', revision: 0, totalMinor: 2500, lines },
      headers: { etag: '"0"' },
    });
  });

  test('an id is the same in capitals, and is answered as it was given out', async () => {
    const get = await makeRoute(3, 1);
    expect(await get(undefined, orderId.toUpperCase())).toMatchObject({ status: 200, body: { orderId } });
  });

  test('a parameter that is misspelt is not taken for none', async () => {
    const get = await makeRoute(3, 1);
    expect(await get({ minRevison: '1' })).toMatchObject({ status: 400, body: { errors: [{ field: 'minRevison' }] } });
  });

  test('answers no older than minRevision, from the stream where the view lags', async () => {
    const get = await makeRoute(3, 1);
    expect(await get({ minRevision: '1' })).toMatchObject({ status: 200, body: { status: 'confirmed', revision: 2 } });
    expect(await get({ minRevision: '0' })).toMatchObject({ status: 200, body: { status: 'created', revision: 0 } });
  });

  test('an order is there as soon as it was accepted, before any view of it', async () => {
    const get = await makeRoute(1, 0);
    expect(await get()).toMatchObject({
      status: 200,
      body: { status: 'created', revision: 0, createdAt: '2026-11-23T10:00:00.000Z' },
    });
  });

  test('a revision that the order has not reached is told from an order that is not there', async () => {
    const get = await makeRoute(2, 1);
    expect(await get({ minRevision: '5' })).toMatchObject({
      status: 409,
      body: { code: 'order/revision-not-reached', revision: 1 },
    });
  });

  test('an unknown order is not found, whatever revision is asked for', async () => {
    const get = await makeRoute(0, 0);
    expect(await get()).toMatchObject({ status: 404, body: { code: 'order/not-found' } });
    expect(await get({}, '$settings')).toMatchObject({ status: 404 });
    expect(await get({ minRevision: '5' })).toMatchObject({ status: 404 });
  });

  test('an order is its customer’s: to others it is one that does not exist, from the view or from the stream', async () => {
    expect(await (await makeRoute(1, 1, customer('c-1')))()).toMatchObject({ status: 200 });
    const missing = await (await makeRoute(0, 0, customer('c-2')))();
    for (const projected of [0, 1]) {
      const get = await makeRoute(1, projected, customer('c-2'));
      expect(await get()).toEqual(missing);
      // Reached, and not reached yet.
      for (const minRevision of ['0', '5']) expect(await get({ minRevision })).toEqual(missing);
      const own = await makeRoute(1, projected, customer('c-1'));
      expect(await own({ minRevision: '5' })).toMatchObject({ status: 409, body: { revision: 0 } });
    }
  });

  test.each(['-1', 'x', '1.5', '', '9'.repeat(19)])('minRevision %p is refused', async (minRevision) => {
    const get = await makeRoute(1, 1);
    expect(await get({ minRevision })).toMatchObject({ status: 400, body: { errors: [{ field: 'minRevision' }] } });
  });

  test('shows the recipient, from the view as from the stream', async () => {
    for (const projected of [1, 0]) {
      const get = await makeRoute(1, projected);
      expect(await get()).toMatchObject({ status: 200, body: { recipient } });
    }
  });

  test('of an erased customer everything is shown but the recipient', async () => {
    const get = await makeRoute(2, 1);
    await personal.erase('c-1');
    for (const query of [{}, { minRevision: '1' }])
      expect(await get(query)).toMatchObject({ status: 200, body: { recipient: 'erased', totalMinor: 2500, lines } });
  });
});
