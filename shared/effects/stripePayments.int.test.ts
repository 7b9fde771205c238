import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { listen } from '../../infra/local/listen.ts';
import type { RunningServer } from '../../infra/local/program.ts';
import type { PaymentGateway } from './payments.ts';
import { createStripePayments } from './stripePayments.ts';

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly key: string | undefined;
  readonly authorization: string | undefined;
  readonly body: Readonly<Record<string, string>>;
}

/** Answers of Stripe's API by name; with the status that each comes with. */
const answerOf = (name: string): string =>
  readFileSync(new URL(`./stripeAnswers/${name}.json`, import.meta.url), 'utf8');

let server: RunningServer;
let asked: Asked[];
/** What is answered next, one after another; nothing more: silence. */
let answers: (readonly [status: number, name: string])[];
let payments: PaymentGateway;
let now: Date;

beforeEach(async () => {
  asked = [];
  answers = [];
  now = askedAt;
  const stripe = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { method = '', url: path = '', headers } = request;
      const body = Object.fromEntries(new URLSearchParams(Buffer.concat(chunks).toString()));
      const key = headers['idempotency-key']?.toString();
      asked.push({ method, path, key, authorization: headers.authorization, body });
      const [status, name] = answers.shift() ?? [];
      if (status && name) response.writeHead(status, { 'content-type': 'application/json' }).end(answerOf(name));
    });
  });
  server = await listen(stripe, 0);
  payments = createStripePayments({
    apiKey: 'sk_test_key',
    paymentMethod: 'pm_card_visa',
    baseUrl: server.url,
    timeoutMs: 200,
    clock: { now: () => now },
  });
});
afterEach(() => server.stop());

const orderId = '0b6f0a44-0f2c-5d7e-9f55-6b4f3f0a1c11';
const askedAt = new Date('2026-11-20T12:00:00.000Z');
const request = { key: 'event-1', askedAt, orderId, amountMinor: 2_500, currency: 'EUR' };
const authorizationId = 'pi_3MrPBM2eZvKYlo2C1TEMacFD';
const unavailable = { code: 'payments/unavailable', retryable: true };
const refused = { code: 'payments/refused', retryable: false };

describe('authorise', () => {
  test('holds the amount on the card, under the key, to be captured later', async () => {
    answers = [[200, 'authorised']];
    expect(await payments.authorize(request)).toEqual({ status: 'approved', authorizationId });
    expect(asked).toEqual([
      {
        method: 'POST',
        path: '/v1/payment_intents',
        key: 'event-1',
        authorization: 'Bearer sk_test_key',
        body: {
          amount: '2500',
          currency: 'eur',
          capture_method: 'manual',
          confirm: 'true',
          off_session: 'true',
          payment_method: 'pm_card_visa',
          'allowed_payment_method_types[0]': 'card',
          'metadata[orderId]': orderId,
        },
      },
    ]);
  });

  test('a card that is declined is an answer, with the reason', async () => {
    answers = [[402, 'declined']];
    expect(await payments.authorize(request)).toEqual({ status: 'declined', reason: 'insufficient_funds' });
  });

  test('a decline in words is told as such, without the words', async () => {
    answers = [[402, 'declined-in-words']];
    expect(await payments.authorize(request)).toEqual({ status: 'declined', reason: 'declined' });
  });

  test('one that takes its time is looked up, since the key goes on answering as it did at first', async () => {
    answers = [
      [200, 'processing'],
      [200, 'processing'],
    ];
    await expect(payments.authorize(request)).rejects.toMatchObject(unavailable);
    answers = [
      [200, 'processing'],
      [200, 'authorised'],
    ];
    expect(await payments.authorize(request)).toEqual({ status: 'approved', authorizationId });
    expect(asked.at(-1)).toMatchObject({ method: 'GET', path: `/v1/payment_intents/${authorizationId}` });
  });

  test.each([
    [500, 'broken', 'StripeAPIError'],
    [429, 'rate-limit', 'rate_limit'],
    [409, 'in-use', 'idempotency_key_in_use'],
    [401, 'no-credentials', 'StripeAuthenticationError'],
  ])('%d %s says nothing of the request: the same key may be asked again', async (status, name, what) => {
    answers = [[status, name]];
    const fault = await payments.authorize(request).catch((error: unknown) => error);
    expect(fault).toMatchObject(unavailable);
    expect(asked).toHaveLength(1);
    expect(fault).toHaveProperty('message', `authorise order ${orderId}: ${what} (${status})`);
  });

  test.each([
    [400, 'bad-request'],
    [400, 'key-reused'],
  ])('%d %s is a mistake of ours, which a repeat would make again', async (status, name) => {
    answers = [[status, name]];
    await expect(payments.authorize(request)).rejects.toMatchObject(refused);
  });

  test.each(['too-small', 'too-large'])('an amount that is %s for Stripe is declined, not a mistake', async (name) => {
    answers = [[400, `amount-${name}`]];
    const reason = `amount_${name.replace('-', '_')}`;
    expect(await payments.authorize(request)).toEqual({ status: 'declined', reason });
  });

  test('silence is unknown: asked once, and to be asked again', async () => {
    await expect(payments.authorize(request)).rejects.toMatchObject(unavailable);
    expect(asked).toHaveLength(1);
  });

  test('one that is not there may be asked again', async () => {
    await server.stop();
    await expect(payments.authorize(request)).rejects.toMatchObject(unavailable);
  });
});

describe('authorise, when Stripe may have forgotten the key', () => {
  const hours = (count: number) => new Date(askedAt.getTime() + count * 3_600_000);
  beforeEach(() => {
    now = hours(60);
  });

  test('what was done then is the answer, and nothing is held a second time', async () => {
    answers = [[200, 'found-authorised']];
    expect(await payments.authorize(request)).toEqual({ status: 'approved', authorizationId });
    const search = `/v1/payment_intents/search?query=${encodeURIComponent(`metadata['orderId']:'${orderId}'`)}&limit=100`;
    expect(asked.map(({ method, path }) => [method, decodeURIComponent(path)])).toEqual([
      ['GET', decodeURIComponent(search)],
    ]);
  });

  test('a card that was declined then stays declined, with the reason', async () => {
    answers = [[200, 'found-declined']];
    expect(await payments.authorize(request)).toEqual({ status: 'declined', reason: 'insufficient_funds' });
    expect(asked).toHaveLength(1);
  });

  test('of several, the one that holds the money counts', async () => {
    answers = [[200, 'found-both']];
    expect(await payments.authorize(request)).toEqual({ status: 'approved', authorizationId });
  });

  test('where nothing was done, it is done now, under the key', async () => {
    answers = [
      [200, 'found-none'],
      [200, 'authorised'],
    ];
    expect(await payments.authorize(request)).toEqual({ status: 'approved', authorizationId });
    expect(asked.map(({ method, key }) => [method, key])).toEqual([
      ['GET', undefined],
      ['POST', 'event-1'],
    ]);
  });

  test.each([
    [500, 'broken', unavailable],
    [400, 'bad-request', refused],
  ])('where the search fails with %d, nothing is held', async (status, name, fault) => {
    answers = [[status, name]];
    await expect(payments.authorize(request)).rejects.toMatchObject(fault);
    expect(asked).toHaveLength(1);
  });

  test('as long as Stripe remembers, it is not searched', async () => {
    now = hours(19);
    answers = [[200, 'authorised']];
    await payments.authorize(request);
    expect(asked.map(({ method }) => method)).toEqual(['POST']);
  });
});

describe.each([
  ['capture', 'capture', 'captured', 'succeeded', 'canceled'],
  ['void', 'cancel', 'cancelled', 'canceled', 'succeeded'],
] as const)('%s', (name, verb, answer, goal, other) => {
  const settle = () => payments[name]({ key: 'event-2', authorizationId });

  test('asks for it under the key', async () => {
    answers = [[200, answer]];
    await settle();
    const path = `/v1/payment_intents/${authorizationId}/${verb}`;
    expect(asked).toMatchObject([{ method: 'POST', path, key: 'event-2' }]);
  });

  test('what was done before is done', async () => {
    answers = [[400, `unexpected-${goal}`]];
    await expect(settle()).resolves.toBeUndefined();
  });

  test('what went the other way is a mistake of ours', async () => {
    answers = [[400, `unexpected-${other}`]];
    await expect(settle()).rejects.toMatchObject(refused);
  });

  test('no answer may be asked for again', async () => {
    answers = [[500, 'broken']];
    await expect(settle()).rejects.toMatchObject(unavailable);
    await expect(settle()).rejects.toMatchObject(unavailable);
  });
});
