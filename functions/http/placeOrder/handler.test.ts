import { describe, expect, test } from '@jest/globals';
import type { Product } from '../../../shared/domain/catalogue/index.ts';
import type { Caller } from '../../../shared/http/caller.ts';
import { route } from '../../../shared/http/route.ts';
import { silentLogger } from '../../../shared/observe/logger.ts';
import type { EventStore } from '../../../shared/store/eventStore.ts';
import { createInMemoryEventStore } from '../../../shared/store/inMemoryEventStore.ts';
import { stoppedClock as clock } from '../../../shared/testing/builders.ts';
import { admitting, customer, operator } from '../../../shared/testing/callers.ts';
import { callRoute } from '../../../shared/testing/callRoute.ts';
import { toHttpEvent } from '../../../shared/testing/lambdaEvents.ts';
import { makePersonal, recipient } from '../../../shared/testing/personal.ts';
import { createHandler } from './handler.ts';
import { parseRequest } from './request.ts';

const products = new Map<string, Product>([
  ['mug', { sku: 'mug', name: 'Mug', priceMinor: 1250, currency: 'EUR' }],
  ['pen', { sku: 'pen', name: 'Pen', priceMinor: 99, currency: 'EUR' }],
]);
const order = { customerId: 'c-1', recipient, lines: [{ sku: 'mug', quantity: 2 }] };
/** To another address. */
const toOrder = (change: object) => ({
  ...order,
  recipient: { ...recipient, address: { ...recipient.address, ...change } },
});
const key = { 'Idempotency-Key': 'key-1' };
const orderId = '071ef22f-f9d8-5d2b-b3f3-1be75ad5deea';

function makeRoute(
  store: EventStore = createInMemoryEventStore(),
  catalogue: ReadonlyMap<string, Product> = products,
  caller: Caller = operator,
) {
  const personal = makePersonal();
  const handler = route(
    silentLogger,
    admitting(caller),
    parseRequest,
    createHandler({ products: { find: async () => catalogue }, store, personal, clock }),
  );
  return {
    personal,
    post: (body: unknown, headers: Record<string, string> = key) => callRoute(handler, toHttpEvent({ body, headers })),
    written: () => Array.fromAsync(store.read(`order-${orderId}`)),
  };
}

describe('POST /orders', () => {
  test('accepts an order and says where it is', async () => {
    const { post, written } = makeRoute();
    expect(await post(order)).toEqual({
      status: 202,
      headers: {
        'content-type': 'application/json',
        'cache-control': 'no-store',
        'x-content-type-options': 'nosniff',
        'x-correlation-id': 'correlation-1',
        location: `/orders/${orderId}`,
      },
      body: { orderId, revision: 0 },
    });
    expect(await written()).toMatchObject([
      {
        type: 'OrderCreated',
        data: {
          customerId: 'c-1',
          lines: [{ sku: 'mug', name: 'Mug', quantity: 2, unitPriceMinor: 1250 }],
          totalMinor: 2500,
          currency: 'EUR',
        },
        metadata: { correlationId: 'correlation-1', actor: 'placeOrder' },
      },
    ]);
  });

  test('the same key again: the same answer, nothing written', async () => {
    const { post, written } = makeRoute();
    const first = await post(order);
    expect(await post(order)).toEqual(first);
    expect(await written()).toHaveLength(1);
  });

  test('twenty at once are one order', async () => {
    const { post, written } = makeRoute();
    const answers = await Promise.all(Array.from({ length: 20 }, () => post(order)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
    expect(await written()).toHaveLength(1);
  });

  test('the same key for another order is refused', async () => {
    const { post, written } = makeRoute();
    await post(order);
    const other = await post({ ...order, lines: [{ sku: 'mug', quantity: 3 }] });
    expect(other).toMatchObject({ status: 422, body: { code: 'order/key-reused' } });
    expect(other.headers['content-type']).toBe('application/problem+json');
    expect(await written()).toHaveLength(1);
  });

  test('the recipient is written sealed, and to be read by who has the key', async () => {
    const { post, written, personal } = makeRoute();
    await post(order);
    const [created] = await written();
    for (const word of ['Lovelace', recipient.email, 'James Square'])
      expect(JSON.stringify(created?.data)).not.toContain(word);
    const { recipient: sealed = '' } = (created?.data ?? {}) as { recipient?: string };
    expect(await personal.open('c-1', sealed)).toEqual(recipient);
  });

  test('the same recipient written otherwise is the same request, another one is not', async () => {
    const { post, written } = makeRoute();
    const first = await post(order);
    const { address, email, name } = recipient;
    const turned = { address: Object.fromEntries(Object.entries(address).toReversed()), email, name };
    expect(await post({ ...order, recipient: turned })).toEqual(first);
    const other = await post(toOrder({ line1: '13 St James Square' }));
    expect(other).toMatchObject({ status: 422, body: { code: 'order/key-reused' } });
    expect(await written()).toHaveLength(1);
  });

  test('after the recipient was erased a repeat is still the same order, and stays erased', async () => {
    const { post, written, personal } = makeRoute();
    const first = await post(order);
    await personal.erase('c-1');
    expect(await post(order)).toEqual(first);
    const [created, ...more] = await written();
    expect(more).toEqual([]);
    const { recipient: sealed = '' } = (created?.data ?? {}) as { recipient?: string };
    expect(await personal.open('c-1', sealed)).toBe('erased');
    expect(await post({ ...order, lines: [{ sku: 'mug', quantity: 3 }] })).toMatchObject({ status: 422 });
  });

  test('the same key for two orders at once: one of them is refused', async () => {
    const { post, written } = makeRoute();
    const pens = { ...order, lines: [{ sku: 'pen', quantity: 7 }] };
    const answers = await Promise.all([post(order), post(pens)]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([202, 422]);
    expect(await written()).toHaveLength(1);
  });

  test('a repeat is answered as before, whatever prices have become', async () => {
    const catalogue = new Map<string, Product>(products);
    const { post } = makeRoute(createInMemoryEventStore(), catalogue);
    const both = { ...order, lines: [...order.lines, { sku: 'pen', quantity: 1 }] };
    const first = await post(both);
    catalogue.set('pen', { sku: 'pen', name: 'Pen', priceMinor: 99, currency: 'USD' });
    expect(await post(both)).toEqual(first);
  });

  test('the same key of another customer is another order', async () => {
    const { post } = makeRoute();
    await post(order);
    expect(await post({ ...order, customerId: 'c-2' })).toMatchObject({ status: 202 });
  });

  test('a customer’s order is the token’s: the same as an operator places for them', async () => {
    const { customerId: _, ...own } = order;
    const { post, written } = makeRoute(undefined, products, customer('c-1'));
    expect(await post(own)).toMatchObject({ status: 202, body: { orderId } });
    expect(await written()).toMatchObject([{ data: { customerId: 'c-1' } }]);
  });

  test.each(['c-1', 'c-2'])('a customer who names %s in the body is refused, be it themselves', async (customerId) => {
    const { post, written } = makeRoute(undefined, products, customer('c-1'));
    const answer = await post({ ...order, customerId });
    expect(answer).toMatchObject({ status: 403, body: { code: 'http/customer-refused' } });
    expect(await written()).toEqual([]);
  });

  test.each([
    ['no key', order, {}, 'Idempotency-Key'],
    ['an empty key', order, { 'Idempotency-Key': '' }, 'Idempotency-Key'],
    ['a key of 201 characters', order, { 'Idempotency-Key': 'k'.repeat(201) }, 'Idempotency-Key'],
    ['a customer that is none', { ...order, customerId: '' }, key, '/customerId'],
    ['no recipient', { customerId: 'c-1', lines: order.lines }, key, '/recipient'],
    ['a name of 201 letters', { ...order, recipient: { ...recipient, name: 'a'.repeat(201) } }, key, '/recipient/name'],
    ['a name of blanks', { ...order, recipient: { ...recipient, name: '  ' } }, key, '/recipient/name'],
    ['a name of two lines', { ...order, recipient: { ...recipient, name: 'A\nBcc: b@c' } }, key, '/recipient/name'],
    [
      'a name of 60,000 letters and two line ends, once',
      { ...order, recipient: { ...recipient, name: `${'a'.repeat(60_000)}\n\n` } },
      key,
      '/recipient/name',
    ],
    ['a name printed backwards', { ...order, recipient: { ...recipient, name: '\u202eadA' } }, key, '/recipient/name'],
    [
      'a mail address of 60,000 letters, once',
      { ...order, recipient: { ...recipient, email: 'a'.repeat(60_000) } },
      key,
      '/recipient/email',
    ],
    ['no mail address', { ...order, recipient: { ...recipient, email: 'ada' } }, key, '/recipient/email'],
    ['a country in words', toOrder({ country: 'England' }), key, '/recipient/address/country'],
    ['no city', toOrder({ city: '' }), key, '/recipient/address/city'],
    ['an unknown part of an address', toOrder({ planet: 'Mars' }), key, '/recipient/address/planet'],
    [
      'a price of the client',
      { ...order, lines: [{ sku: 'mug', quantity: 1, priceMinor: 1 }] },
      key,
      '/lines/0/priceMinor',
    ],
    ['an unknown field', { ...order, discount: 1 }, key, '/discount'],
    ['no line', { ...order, lines: [] }, key, '/lines'],
    [
      '101 lines',
      { ...order, lines: Array.from({ length: 101 }, (_, n) => ({ sku: `s${n}`, quantity: 1 })) },
      key,
      '/lines',
    ],
    ['a quantity of 0', { ...order, lines: [{ sku: 'mug', quantity: 0 }] }, key, '/lines/0/quantity'],
    ['half a mug', { ...order, lines: [{ sku: 'mug', quantity: 0.5 }] }, key, '/lines/0/quantity'],
    ['a quantity in words', { ...order, lines: [{ sku: 'mug', quantity: '2' }] }, key, '/lines/0/quantity'],
    ['a SKU that is a path', { ...order, lines: [{ sku: '../x', quantity: 1 }] }, key, '/lines/0/sku'],
    ['a SKU twice', { ...order, lines: [...order.lines, ...order.lines] }, key, '/lines/1/sku'],
    ['a list', [], key, ''],
    ['null', 'null', key, ''],
    ['a number', '0', key, ''],
    ['no body', undefined, key, ''],
    ['an empty body', '', key, ''],
  ])('refuses %s, naming the field', async (_, body, headers, field) => {
    const { post, written } = makeRoute();
    const answer = await post(body, headers as Record<string, string>);
    expect(answer).toMatchObject({ status: 400, body: { code: 'http/invalid', errors: [{ field }] } });
    expect(await written()).toEqual([]);
  });

  test('says in words what is wrong with a field', async () => {
    const answer = await makeRoute().post({ ...order, lines: [{ sku: 'mug', quantity: '2' }] }, key);
    const message = 'Invalid input: expected number, received string';
    expect(answer.body).toMatchObject({ errors: [{ field: '/lines/0/quantity', message }] });
  });

  test('what is not there is called missing, whatever it should have been, and what there is not unknown', async () => {
    const answer = await makeRoute().post({ discount: 1, lines: [{ sku: 'mug' }] }, {});
    const { errors } = answer.body as { errors: readonly { field: string; message: string }[] };
    expect(errors.map(({ field, message }) => `${field} ${message}`).toSorted()).toEqual([
      '/discount unknown field',
      '/lines/0/quantity missing',
      '/recipient missing',
      'Idempotency-Key missing',
    ]);
  });

  test('names every wrong field at once', async () => {
    const answer = await makeRoute().post({ customerId: '', lines: [{ sku: '', quantity: -1 }], x: 1 }, {});
    const { errors } = answer.body as { errors: readonly { field: string }[] };
    expect(errors.map(({ field }) => field).toSorted()).toEqual([
      '/customerId',
      '/lines/0/quantity',
      '/lines/0/sku',
      '/recipient',
      '/x',
      'Idempotency-Key',
    ]);
  });

  test('an unknown SKU is refused by name', async () => {
    const answer = await makeRoute().post({ ...order, lines: [{ sku: 'cup', quantity: 1 }] });
    expect(answer).toMatchObject({ status: 422, body: { code: 'catalogue/unknown-sku', skus: ['cup'] } });
  });
});
