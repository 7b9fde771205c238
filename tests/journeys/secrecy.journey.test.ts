/** Personal data and tokens are where they have to be, and nowhere else: not in logs, store, tables or on the broker. */
import { randomBytes } from 'node:crypto';
import { EventStoreDBClient } from '@eventstore/db-client';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { connect } from 'amqplib';
import { declareTables } from '../../infra/local/dynamo/tables.ts';
import { requestToken } from '../../infra/local/issuer/requestToken.ts';
import { parseSettings } from '../../infra/local/stack/settings.ts';
import { type Stack, startStack } from '../../infra/local/stack/startStack.ts';
import { consumers, deadLetterQueue, unroutedQueue } from '../../shared/broker/topology.ts';
import type { Recipient } from '../../shared/personal/recipient.ts';
import { createInsight, type Insight } from './insight.ts';
import { type Outsider, startTalkativeCarrier, startTalkativeMail } from './outsiders.ts';
import { expectViewsEqualFolds } from './proof.ts';

const toRecipient = (name: string, email: string): Recipient => ({
  name,
  email,
  address: {
    line1: 'Betelgeuse Road 42',
    line2: 'c/o Magrathea',
    postalCode: 'ZB-4711',
    city: 'Damogran',
    country: 'GB',
  },
});
const recipients = {
  'c-good': toRecipient('Zaphod Beeblebrox', 'zaphod@heartofgold.example'),
  'c-erased': toRecipient('Tricia McMillan', 'trillian@heartofgold.example'),
  'c-no-mail': toRecipient('Marvin Android', 'marvin@refused.example'),
  'c-no-parcel': toRecipient('Arthur Refused Dent', 'arthur@heartofgold.example'),
  'c-plain': toRecipient('Slartibartfast Plain', 'slarti@heartofgold.example'),
  'c-declined': toRecipient('Gargravarr Declined', 'gargravarr@heartofgold.example'),
} as const;
type Customer = keyof typeof recipients;

/** May do everything, for any customer. */
let token: string;
const masterKey = randomBytes(32).toString('base64url');

/** Words that stand in no log, event, row or message. */
const personal: readonly string[] = [
  ...Object.values(recipients).flatMap(({ name, email }) => [...name.split(' ').slice(0, 1), name, email]),
  ...['Betelgeuse', 'Magrathea', 'ZB-4711', 'Damogran'],
];
const secrets: readonly string[] = ['Bearer ', 'eyJhbGciOi', masterKey];
const found = (text: string, words: readonly string[]): readonly string[] =>
  words.filter((word) =>
    [word, Buffer.from(word).toString('base64').slice(0, -4)].some((form) => form.length > 3 && text.includes(form)),
  );

const lines: string[] = [];
let stack: Stack;
let insight: Insight;
let carrier: Outsider;
let mail: Outsider;

beforeAll(async () => {
  [carrier, mail] = await Promise.all([startTalkativeCarrier(), startTalkativeMail()]);
  process.env['LOG_LEVEL'] = 'DEBUG';
  const given = { SHIPPING_URL: carrier.url, SES_ENDPOINT: mail.url, PERSONAL_MASTER_KEY: masterKey };
  stack = await startStack({
    settings: parseSettings({ PORT: '0', LOG_LEVEL: 'DEBUG', ...given }),
    onLine: (part, line) => lines.push(`${part}: ${line}`),
  });
  token = await requestToken(stack.url, { customer: 'ada', scope: 'orders stock ops' });
  insight = createInsight(stack);
}, 60_000);
afterAll(async () => {
  delete process.env['LOG_LEVEL'];
  await insight?.close();
  await stack?.stop();
  await Promise.all([carrier?.stop(), mail?.stop()]);
}, 30_000);

type Body = Readonly<Record<string, unknown>>;

async function send(
  method: string,
  path: string,
  body?: unknown,
  key?: string,
): Promise<{ status: number; body: Body }> {
  const response = await fetch(new URL(path, stack.url), {
    method,
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${token}`,
      ...(key && { 'idempotency-key': key }),
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: (text === '' ? {} : JSON.parse(text)) as Body };
}

async function place(customerId: Customer, sku: string): Promise<string> {
  const order = { customerId, recipient: recipients[customerId], lines: [{ sku, quantity: 1 }] };
  const { status, body } = await send('POST', '/orders', order, `${customerId}-${sku}`);
  expect([status, body]).toMatchObject([202, { orderId: expect.any(String) }]);
  return String(body['orderId']);
}

/** Asks until the answer is as expected; the test's own time-out ends it otherwise. */
async function until(path: string, isThere: (body: Body) => boolean): Promise<Body> {
  for (;;) {
    const { body } = await send('GET', path);
    if (isThere(body)) return body;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
const untilStatus = (orderId: string, status: string, reason?: string): Promise<Body> =>
  until(`/orders/${orderId}?minRevision=0`, (body) => body['status'] === status && body['reason'] === reason);
const behave = (mode: string) =>
  fetch(new URL('/behaviour', stack.addresses.payments), { method: 'PUT', body: JSON.stringify({ mode }) });

let good: string;

test('a journey: orders that end in every way, dead letters, and requests that are wrong', async () => {
  for (const [sku, priceMinor, quantity] of [
    ['mug', 1250, 100],
    ['unlucky', 4013, 100],
    ['none', 500, 0],
  ] as const) {
    await send('PUT', `/products/${sku}`, { name: sku, priceMinor, currency: 'EUR' });
    if (quantity > 0) await send('POST', `/stock/${sku}/receipts`, { quantity });
  }
  good = await place('c-good', 'mug');
  const [declined, missing] = [await place('c-good', 'unlucky'), await place('c-good', 'none')];
  const unmailed = await place('c-no-mail', 'mug');
  const unsent = await place('c-no-parcel', 'mug');
  const unknown = await place('c-plain', 'mug');
  const unwanted = await place('c-declined', 'mug');
  expect(await untilStatus(good, 'shipped')).toMatchObject({ recipient: recipients['c-good'] });
  await untilStatus(declined, 'rejected', 'payment-declined');
  await untilStatus(missing, 'rejected', 'out-of-stock');
  await untilStatus(unmailed, 'shipped');
  for (const stuck of [unsent, unknown]) await untilStatus(stuck, 'confirmed');
  await untilStatus(unwanted, 'rejected', 'shipping-failed');

  // What went to the outside has what it needs, and no more.
  expect(carrier.taken.join()).toMatch(/Zaphod Beeblebrox.*Betelgeuse/);
  expect(carrier.taken.join()).not.toContain('@');
  expect(mail.taken.join()).toContain('zaphod@heartofgold.example');
  expect(mail.taken.join()).not.toContain('Betelgeuse');
  expect(found(carrier.taken.join(), personal)).toContain('Zaphod');

  const wrong = { customerId: 'c-good', recipient: { ...recipients['c-good'], email: 'zaphod' }, lines: [] };
  expect((await send('POST', '/orders', wrong, 'wrong')).status).toBe(400);
  expect((await send('POST', '/orders', `{"recipient":"${recipients['c-good'].name}`, 'wrong')).status).toBe(400);
  const other = { customerId: 'c-good', recipient: recipients['c-erased'], lines: [{ sku: 'mug', quantity: 1 }] };
  expect((await send('POST', '/orders', other, 'c-good-mug')).status).toBe(422);

  const dead = await until('/ops/dead-letters', ({ total }) => total === 3);
  const codes = (dead['deadLetters'] as readonly { code: string }[]).map(({ code }) => code);
  expect(codes.toSorted()).toEqual(['mail/refused', 'parcels/refused', 'parcels/refused']);
  expect(found(JSON.stringify(dead), personal)).toEqual([]);
  // They fail again, and are told of again.
  expect((await send('POST', '/ops/dead-letters/redrive', { all: true })).status).toBe(200);
  await until('/ops/dead-letters', ({ total }) => total === 3);
}, 120_000);

test('an order whose customer is erased before the parcel is handed over comes to its end, and nobody hears of them', async () => {
  await behave('is down');
  const orderId = await place('c-erased', 'mug');
  expect(await untilStatus(orderId, 'created')).toMatchObject({ recipient: recipients['c-erased'] });
  expect((await send('DELETE', '/customers/c-erased/data')).status).toBe(204);
  expect((await send('GET', `/orders/${orderId}`)).body).toMatchObject({ recipient: 'erased' });
  await behave('normal');
  await untilStatus(orderId, 'rejected', 'shipping-failed');
  const { effects } = await insight.readLedger();
  expect(effects.filter((effect) => effect.orderId === orderId).map(({ kind }) => kind)).toEqual([
    'authorized',
    'voided',
  ]);
  expect([...carrier.taken, ...mail.taken].join()).not.toMatch(/Tricia|trillian/);
}, 120_000);

test('once a customer is erased, everything shows so, and everything else is as it was', async () => {
  const before = (await send('GET', `/orders/${good}`)).body;
  for (let times = 0; times < 2; times += 1) expect((await send('DELETE', '/customers/c-good/data')).status).toBe(204);
  expect((await send('GET', `/orders/${good}`)).body).toEqual({ ...before, recipient: 'erased' });
  const { body: list } = await send('GET', '/orders?customerId=c-good');
  const orders = list['orders'] as readonly { recipient: unknown }[];
  expect(orders.map((order) => order.recipient)).toEqual(['erased', 'erased', 'erased']);
  const { body: trail } = await send('GET', `/orders/${good}/events`);
  expect(trail['events']).toMatchObject([{ type: 'OrderCreated', data: { recipient: 'erased' } }, {}, {}, {}]);
  const repeat = { customerId: 'c-good', recipient: recipients['c-good'], lines: [{ sku: 'mug', quantity: 1 }] };
  expect((await send('POST', '/orders', repeat, 'c-good-mug')).body).toEqual({ orderId: good, revision: 0 });
  expect((await send('GET', `/orders/${good}`)).body).toMatchObject({ recipient: 'erased' });
  await expectViewsEqualFolds(insight, await insight.readStreams());
}, 60_000);

describe('of all this nothing is to be found', () => {
  test('in any line of any process', () => {
    const parts = new Set(lines.map((line) => line.split(': ', 1)[0]));
    expect([...parts]).toEqual(expect.arrayContaining(['functions', 'relay']));
    expect(lines.some((line) => line.includes('"level":"DEBUG"'))).toBe(true);
    expect(lines.some((line) => line.includes('parcels/refused'))).toBe(true);
    expect(lines.filter((line) => found(line, [...personal, ...secrets]).length > 0)).toEqual([]);
    expect(lines.filter((line) => /\beyJ[\w-]{10}/.test(line))).toEqual([]);
  });

  test('in the event store', async () => {
    const client = EventStoreDBClient.connectionString(stack.addresses.eventStore);
    let events = 0;
    for await (const { event } of client.readAll()) {
      const text = JSON.stringify([event?.data, event?.metadata]);
      expect(found(text, [...personal, ...secrets])).toEqual([]);
      events += 1;
    }
    await client.dispose();
    expect(events).toBeGreaterThan(50);
  });

  test('in any table', async () => {
    let rows = 0;
    for (const { TableName = '' } of declareTables('')) {
      for (const [, row] of await insight.readRows(TableName.slice(1))) {
        expect([TableName, found(JSON.stringify(row), [...personal, ...secrets])]).toEqual([TableName, []]);
        rows += 1;
      }
    }
    expect(rows).toBeGreaterThan(20);
  });

  test('in what lies on the broker', async () => {
    const model = await connect(stack.addresses.broker);
    const channel = await model.createChannel();
    let messages = 0;
    for (const queue of [unroutedQueue, ...Object.values(consumers).map(({ name }) => deadLetterQueue(name))]) {
      for (let got = await channel.get(queue); got; got = await channel.get(queue)) {
        const text = [got.content.toString(), JSON.stringify(got.properties)].join();
        expect([queue, found(text, [...personal, ...secrets])]).toEqual([queue, []]);
        messages += 1;
      }
    }
    await model.close();
    expect(messages).toBeGreaterThanOrEqual(2);
  });
});
