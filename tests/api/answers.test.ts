import { beforeAll, expect, test } from '@jest/globals';
import type * as z from 'zod/mini';
import { createHandler as createCancel } from '../../functions/http/cancelOrder/handler.ts';
import { parseRequest as parseCancel } from '../../functions/http/cancelOrder/request.ts';
import { createHandler as createErase } from '../../functions/http/eraseCustomer/handler.ts';
import { parseRequest as parseErase } from '../../functions/http/eraseCustomer/request.ts';
import { createHandler as createHealth } from '../../functions/http/getHealth/handler.ts';
import { createHandler as createGetOrder } from '../../functions/http/getOrder/handler.ts';
import { parseRequest as parseGetOrder } from '../../functions/http/getOrder/request.ts';
import { createHandler as createGetEvents } from '../../functions/http/getOrderEvents/handler.ts';
import { parseRequest as parseGetEvents } from '../../functions/http/getOrderEvents/request.ts';
import { createHandler as createGetStock } from '../../functions/http/getStock/handler.ts';
import { parseRequest as parseGetStock } from '../../functions/http/getStock/request.ts';
import { createHandler as createListOrders } from '../../functions/http/listOrders/handler.ts';
import { parseRequest as parseListOrders } from '../../functions/http/listOrders/request.ts';
import { createHandler as createListProducts } from '../../functions/http/listProducts/handler.ts';
import { createHandler as createListStock } from '../../functions/http/listStock/handler.ts';
import { createHandler as createPlace } from '../../functions/http/placeOrder/handler.ts';
import { parseRequest as parsePlace } from '../../functions/http/placeOrder/request.ts';
import { createHandler as createPut } from '../../functions/http/putProduct/handler.ts';
import { parseRequest as parsePut } from '../../functions/http/putProduct/request.ts';
import { createHandler as createReceive } from '../../functions/http/receiveStock/handler.ts';
import { parseRequest as parseReceive } from '../../functions/http/receiveStock/request.ts';
import { createHandler as createDiscard } from '../../functions/operate/discardDeadLetters/handler.ts';
import { parseRequest as parseDiscard } from '../../functions/operate/discardDeadLetters/request.ts';
import { createHandler as createGetRelay } from '../../functions/operate/getRelay/handler.ts';
import { createHandler as createList } from '../../functions/operate/listDeadLetters/handler.ts';
import { parseRequest as parseList } from '../../functions/operate/listDeadLetters/request.ts';
import { createHandler as createRedrive } from '../../functions/operate/redriveDeadLetters/handler.ts';
import { parseRequest as parseRedrive } from '../../functions/operate/redriveDeadLetters/request.ts';
import { createHandler as createRewind } from '../../functions/operate/rewindRelay/handler.ts';
import { parseRequest as parseRewind } from '../../functions/operate/rewindRelay/request.ts';
import { order as orderReply, problem } from '../../infra/api/replies.ts';
import { routes } from '../../infra/api/routes.ts';
import type { Product } from '../../shared/domain/catalogue/index.ts';
import { route } from '../../shared/http/route.ts';
import { Fault } from '../../shared/kernel/fault.ts';
import { silentLogger } from '../../shared/observe/logger.ts';
import { projectOrder } from '../../shared/readModels/orderView.ts';
import { readView, type ViewRow } from '../../shared/readModels/readView.ts';
import { projectStock } from '../../shared/readModels/stockView.ts';
import { toReport } from '../../shared/relay/report.ts';
import { createRelayStatus } from '../../shared/relay/status.ts';
import { createInMemoryEventStore } from '../../shared/store/inMemoryEventStore.ts';
import { createInMemorySnapshots } from '../../shared/store/inMemorySnapshots.ts';
import { stoppedClock } from '../../shared/testing/builders.ts';
import { admitting, operator } from '../../shared/testing/callers.ts';
import { callRoute } from '../../shared/testing/callRoute.ts';
import { makeOperations } from '../../shared/testing/deadLetterRig.ts';
import { toHttpEvent } from '../../shared/testing/lambdaEvents.ts';
import { makePersonal, recipient } from '../../shared/testing/personal.ts';

/** Answers of the real handlers, by function: a success, and a problem where one was provoked. */
const answers = new Map<string, { readonly status: number | undefined; readonly body: unknown }[]>();

beforeAll(async () => {
  const store = createInMemoryEventStore();
  const clock = stoppedClock;
  const personal = makePersonal();
  const deps = { store, clock, personal, snapshots: createInMemorySnapshots(), logger: silentLogger };
  const catalogue = new Map<string, Product>();
  const products = {
    put: async (product: Product) => void catalogue.set(product.sku, product),
    list: async () => [...catalogue.values()],
    find: async () => catalogue,
  };
  const noTable = { table: { read: async () => undefined }, store, personal };
  const call = async (
    name: string,
    handler: Parameters<typeof callRoute>[0],
    event: Parameters<typeof toHttpEvent>[0],
  ) => {
    const answer = await callRoute(handler, toHttpEvent(event));
    answers.set(name, [...(answers.get(name) ?? []), answer]);
    return answer;
  };
  const path = { sku: 'mug' };
  const mug = { name: 'Mug', priceMinor: 1250, currency: 'EUR' };

  const put = route(silentLogger, admitting(operator), parsePut, createPut({ products }));
  await call('putProduct', put, { path, body: mug });
  await call('putProduct', put, { path, body: {} });
  // Of before it was looked at: it is shown all the same.
  catalogue.set('old', { sku: 'old', name: 'two\nlines', priceMinor: 1, currency: 'XYZ' });
  await call(
    'listProducts',
    route(silentLogger, admitting(operator), () => undefined, createListProducts({ products })),
    {},
  );
  await call('receiveStock', route(silentLogger, admitting(operator), parseReceive, createReceive(deps)), {
    path,
    body: { quantity: 5 },
  });
  const getStock = route(silentLogger, admitting(operator), parseGetStock, createGetStock(noTable));
  await call('getStock', getStock, { path });
  await call('getStock', getStock, { path: { sku: 'none' } });
  const stock = (await readView(noTable, projectStock, 'stock-mug')) as unknown as ViewRow<never>;
  await call(
    'listStock',
    route(silentLogger, admitting(operator), () => undefined, createListStock({ readStocks: async () => [stock] })),
    {},
  );

  const place = route(silentLogger, admitting(operator), parsePlace, createPlace({ ...deps, products }));
  const order = { customerId: 'c-1', recipient, lines: [{ sku: 'mug', quantity: 2 }] };
  const placed = await call('placeOrder', place, { headers: { 'Idempotency-Key': 'key' }, body: order });
  await call('placeOrder', place, { headers: { 'Idempotency-Key': 'key' }, body: { ...order, lines: [] } });
  const { orderId } = placed.body as { orderId: string };
  const ofOrder = { path: { orderId } };
  await call('getOrder', route(silentLogger, admitting(operator), parseGetOrder, createGetOrder(noTable)), ofOrder);
  await call(
    'getOrderEvents',
    route(silentLogger, admitting(operator), parseGetEvents, createGetEvents({ store, personal })),
    ofOrder,
  );
  const view = (await readView(noTable, projectOrder, `order-${orderId}`)) as unknown as ViewRow<never>;
  const readOrders = async () => ({ orders: [view], next: { orderId, placedAt: 'then' } });
  const listOrders = route(
    silentLogger,
    admitting(operator),
    parseListOrders,
    createListOrders({ readOrders, personal }),
  );
  await call('listOrders', listOrders, { query: { customerId: 'c-1' } });
  const cancel = route(silentLogger, admitting(operator), parseCancel, createCancel(deps));
  await call('cancelOrder', cancel, { ...ofOrder, headers: { 'If-Match': '"9"' } });
  await call('cancelOrder', cancel, ofOrder);
  const erase = route(silentLogger, admitting(operator), parseErase, createErase({ personal }));
  await call('eraseCustomer', erase, { path: { customerId: 'c-1' } });
  await call('eraseCustomer', erase, { path: { customerId: 'c 1' } });
  await call('getOrder', route(silentLogger, admitting(operator), parseGetOrder, createGetOrder(noTable)), ofOrder);
  const { deps: operations, block } = makeOperations();
  await block('order-1', () => new Fault('payments/refused', 'bad request'));
  // The broker itself put it there, and names no time.
  const dead = { 'x-death': [{ reason: 'delivery_limit' }] };
  const body = Buffer.from('{');
  const stranded = { messageId: undefined, type: undefined, correlationId: undefined, headers: dead, body };
  operations.queue.put('test-dlq', stranded);
  const list = route(silentLogger, admitting(operator), parseList, createList(operations));
  await call('listDeadLetters', list, {});
  await call('listDeadLetters', list, { query: { limit: '0' } });
  const look = async () => {
    throw new Fault('broker/unavailable', 'no answer');
  };
  const blind = createList({ ...operations, queue: { look } });
  await call('listDeadLetters', route(silentLogger, admitting(operator), parseList, blind), {});
  const redrive = route(silentLogger, admitting(operator), parseRedrive, createRedrive(operations));
  await call('redriveDeadLetters', redrive, { body: { all: true, dryRun: true } });
  await call('redriveDeadLetters', redrive, { body: {} });
  const discard = route(silentLogger, admitting(operator), parseDiscard, createDiscard(operations));
  await call('discardDeadLetters', discard, { body: { all: true, reason: 'too late' } });
  await call('discardDeadLetters', discard, { body: { all: true } });
  const status = { ...createRelayStatus(), state: 'relaying' as const, unrouted: 1 };
  const failed = { code: 'broker/unavailable', message: 'no answer', at: clock.now().toISOString() };
  const held = {
    position: { commit: 90n, prepare: 90n },
    fencing: 7,
    owner: 'relay-1',
    renewedAt: clock.now().toISOString(),
  };
  const seen = { ...status, lastError: failed, confirmed: held.position, head: held.position };
  const backlogs = [undefined, held.position].map((position) => {
    const backlog = { categories: ['stock'], position, until: { commit: 100n, prepare: 100n } };
    return { ...status, backlog: { current: () => backlog, failures: 0 } };
  });
  for (const told of [status, { ...seen, failures: 9 }, ...backlogs]) {
    const report = toReport(told, clock);
    const readLease = async () => ({ ...held, report });
    const getRelay = createGetRelay({ store, readLease, clock });
    await call(
      'getRelay',
      route(silentLogger, admitting(operator), () => undefined, getRelay),
      {},
    );
  }
  const readLease = async () => held;
  const rewind = createRewind({ store, readLease, rewindLease: async () => true, logger: silentLogger });
  const rewindRelay = route(silentLogger, admitting(operator), parseRewind, rewind);
  await call('rewindRelay', rewindRelay, { body: { to: '0' } });
  await call('rewindRelay', rewindRelay, { body: { to: '90' } });
  for (const store of [async () => undefined, () => Promise.reject(new Error('down'))]) {
    const health = route(silentLogger, admitting(operator), () => undefined, createHealth({ checks: { store } }));
    await call('getHealth', health, {});
  }
});

const described = routes.filter(({ name }) => !['getOpenApi', 'getAsyncApi', 'getApiPage'].includes(name));

test.each(described.map((description) => [description.name, description] as const))(
  '%s answers as its description says, and nothing beside it',
  (name, { reply, problems = {} }) => {
    const given = answers.get(name) ?? [];
    expect(given.map(({ status }) => status)).toContain(reply.status);
    for (const { status = 0, body } of given) {
      const schema: z.ZodMiniType = status === reply.status ? reply.schema : problem;
      expect([name, schema.safeParse(body).error?.issues]).toEqual([name, undefined]);
      expect([reply.status, 400, ...Object.keys(problems).map(Number)]).toContain(status);
    }
  },
);

test('a recipient of before names were looked at is answered as described', () => {
  const before = { ...recipient, name: 'Ada\u2028Lovelace', email: 'ada' };
  expect(orderReply.shape.recipient.safeParse(before).success).toBe(true);
});
