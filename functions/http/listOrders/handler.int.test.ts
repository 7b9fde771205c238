import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createDynamoCursors } from '../../../shared/broker/dynamoCursors.ts';
import type { Caller } from '../../../shared/http/caller.ts';
import { route } from '../../../shared/http/route.ts';
import { silentLogger } from '../../../shared/observe/logger.ts';
import { createDynamoOrderList } from '../../../shared/readModels/dynamoOrderList.ts';
import { toOrderListKeys } from '../../../shared/readModels/orderList.ts';
import type { OrderView } from '../../../shared/readModels/orderView.ts';
import { admitting, customer, operator } from '../../../shared/testing/callers.ts';
import { callRoute } from '../../../shared/testing/callRoute.ts';
import { toHttpEvent } from '../../../shared/testing/lambdaEvents.ts';
import { makePersonal, recipient } from '../../../shared/testing/personal.ts';
import { type LocalDynamo, startLocalDynamo } from '../../../tests/setup/localDynamo.ts';
import { createHandler } from './handler.ts';
import { parseRequest } from './request.ts';

const orderIdOf = (n: number): string => `0b6f0a44-0f2c-5d7e-9f55-${String(n).padStart(12, '0')}`;
/** Irregular on purpose: pages must not come out even by chance. */
const statusOf = (nth: number) => (nth % 5 === 0 ? 'confirmed' : nth % 2 === 0 ? 'created' : 'shipped');

const personal = makePersonal();
const ofEven = await personal.seal('c-even', recipient);
const ofOdd = await personal.seal('c-odd', recipient);
let dynamo: LocalDynamo;
let list: (query: Record<string, string>, caller?: Caller) => ReturnType<typeof callRoute>;

/** The `n`-th order, of two customers in turn; two are placed in every second. */
const toView = (n: number, status: OrderView['status']): OrderView => ({
  orderId: orderIdOf(n),
  customerId: n % 2 === 0 ? 'c-even' : 'c-odd',
  // The oldest are from before there were recipients.
  ...(n >= 4 && { recipient: n % 2 === 0 ? ofEven : ofOdd }),
  status,
  lines: [{ sku: 'mug', name: 'Mug', quantity: 1, unitPriceMinor: 100 }],
  totalMinor: 100,
  currency: 'EUR',
  createdAt: `2026-11-23T10:00:${String(Math.floor(n / 4)).padStart(2, '0')}.000Z`,
  updatedAt: '2026-11-23T11:00:00.000Z',
});

beforeAll(async () => {
  dynamo = await startLocalDynamo();
  const cursors = createDynamoCursors<OrderView>(dynamo.client, dynamo.tableName('order-view'), toOrderListKeys);
  for (let n = 0; n < 60; n += 1) {
    const stream = `order-${orderIdOf(n)}`;
    await cursors.advance(stream, undefined, { to: 0n, view: toView(n, 'created') });
    const seen = (await cursors.load([stream])).get(stream);
    await cursors.advance(stream, seen, { to: 3n, view: toView(n, statusOf(Math.floor(n / 2))) });
  }
  const readOrders = createDynamoOrderList(dynamo.client, dynamo.tableName('order-view'));
  list = (query, caller = operator) => {
    const handler = route(silentLogger, admitting(caller), parseRequest, createHandler({ readOrders, personal }));
    return callRoute(handler, toHttpEvent({ query }));
  };
});
afterAll(() => dynamo.stop());

interface Page {
  readonly orders: readonly { readonly orderId: string; readonly status: string; readonly revision: number }[];
  readonly next?: string;
}

/** All pages of a list, one after another. */
async function listAll(query: Record<string, string>): Promise<readonly Page[]> {
  const pages: Page[] = [];
  let cursor: string | undefined;
  do {
    const { status, body } = await list({ ...query, ...(cursor && { cursor }) });
    expect(status).toBe(200);
    pages.push(body as unknown as Page);
    cursor = pages.at(-1)?.next;
  } while (cursor);
  return pages;
}

const newestFirst = (customer: 0 | 1) =>
  Array.from({ length: 30 }, (_, n) => 2 * n + customer)
    .map((n) => toView(n, 'created'))
    .toSorted((a, b) => (toOrderListKeys(a).placedAt < toOrderListKeys(b).placedAt ? 1 : -1))
    .map(({ orderId }) => orderId);

test("a customer's orders, newest first, each once over all pages, and nobody else's", async () => {
  for (const [customerId, remainder] of [
    ['c-even', 0],
    ['c-odd', 1],
  ] as const) {
    const pages = await listAll({ customerId, limit: '7' });
    expect(pages.map(({ orders }) => orders.length)).toEqual([7, 7, 7, 7, 2]);
    expect(pages.flatMap(({ orders }) => orders.map(({ orderId }) => orderId))).toEqual(newestFirst(remainder));
  }
});

test('a customer lists their own without naming themselves, and may name nobody', async () => {
  const { body } = await list({ limit: '100' }, customer('c-even'));
  const { orders } = body as unknown as Page;
  expect(orders.map(({ orderId }) => orderId)).toEqual(newestFirst(0));
  for (const customerId of ['c-odd', 'c-even']) {
    const answer = await list({ customerId }, customer('c-even'));
    expect(answer).toMatchObject({ status: 403, body: { code: 'http/customer-refused' } });
  }
});

test('an operator who names nobody lists their own', async () => {
  expect(await list({})).toMatchObject({ status: 200, body: { orders: [] } });
});

test('each is as its view has it, with its revision', async () => {
  const [page] = await listAll({ customerId: 'c-even', limit: '100' });
  const [newest] = page?.orders ?? [];
  expect(newest).toMatchObject({ revision: 3, customerId: 'c-even', totalMinor: 100 });
});

test('a status leaves out the others, over all pages', async () => {
  const pages = await listAll({ customerId: 'c-odd', status: 'shipped', limit: '4' });
  const orders = pages.flatMap((page) => page.orders);
  expect(orders).toHaveLength(12);
  for (const page of pages) expect(page.orders.length).toBeLessThanOrEqual(4);
  expect(new Set(orders.map(({ status }) => status))).toEqual(new Set(['shipped']));
  expect(new Set(orders.map(({ orderId }) => orderId)).size).toBe(12);
});

test('a customer without orders has an empty list', async () => {
  expect(await list({ customerId: 'c-none' })).toMatchObject({ status: 200, body: { orders: [] } });
});

test("one customer's cursor opens nobody else's list", async () => {
  const { body } = await list({ customerId: 'c-even', limit: '1' });
  const { next = '' } = body as unknown as Page;
  const { body: other } = await list({ customerId: 'c-odd', cursor: next, limit: '100' });
  const { orders } = other as unknown as Page;
  expect(orders.every(({ orderId }) => newestFirst(1).includes(orderId))).toBe(true);
});

test.each([
  [{ customerId: '' }, 'customerId'],
  [{ customerId: 'c-1', status: 'lost' }, 'status'],
  [{ customerId: 'c-1', limit: '0' }, 'limit'],
  [{ customerId: 'c-1', limit: '101' }, 'limit'],
  [{ customerId: 'c-1', cursor: 'bm8' }, 'cursor'],
  ...[
    [orderIdOf(1), 'x'],
    [orderIdOf(1), `2026-11-23T10:00:00.000Z/${orderIdOf(2)}`],
    [orderIdOf(1), `2026-11-23T10:00:00.000Z/${orderIdOf(1)}/`],
    [orderIdOf(1), `yesterday/${orderIdOf(1)}`],
    [orderIdOf(1), '2026-11-23T10:00:00.000Z'],
    [orderIdOf(1).toUpperCase(), `2026-11-23T10:00:00.000Z/${orderIdOf(1).toUpperCase()}`],
  ].map((place) => {
    const cursor = Buffer.from(JSON.stringify(place)).toString('base64url');
    return [{ customerId: 'c-1', cursor }, 'cursor'] as const;
  }),
  [{ customerId: 'c-1', page: '2' }, 'page'],
])('%p is refused', async (query, field) => {
  expect(await list(query)).toMatchObject({ status: 400, body: { errors: [{ field }] } });
});

test('recipients are shown, until they are erased', async () => {
  const shown = async (customerId: string) => {
    const { body } = await list({ customerId, limit: '100' });
    return (body as { orders: readonly { recipient: unknown }[] }).orders.map((order) => order.recipient);
  };
  expect(await shown('c-odd')).toEqual([...Array.from({ length: 28 }, () => recipient), 'erased', 'erased']);
  await personal.erase('c-odd');
  expect(new Set(await shown('c-odd'))).toEqual(new Set(['erased']));
  expect((await shown('c-even'))[0]).toEqual(recipient);
});
