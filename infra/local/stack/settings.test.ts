import { expect, test } from '@jest/globals';
import { mailAddress } from '../../aws/stageChoices.ts';
import { parseSettings, withoutCredentials } from './settings.ts';

const nothingGiven = {
  eventStore: undefined,
  broker: undefined,
  dynamo: undefined,
  payments: undefined,
  shipping: undefined,
  mail: undefined,
  issuer: undefined,
};

test('needs nothing', () => {
  const expected = { httpPort: 3000, batchWindowMs: 5, tablePrefix: 'waybill-local', given: nothingGiven };

  expect(parseSettings({})).toEqual(expected);
  expect(parseSettings({ PORT: '', RABBITMQ_URL: '', TABLE_PREFIX: '' })).toEqual(expected);
});

test('a seed of hostility is a whole number or random', () => {
  for (const HOSTILE_SEED of ['', '42', 'random']) expect(parseSettings({ HOSTILE_SEED })).toBeDefined();
  expect(() => parseSettings({ HOSTILE_SEED: 'foo', PORT: 'abc' })).toThrow(
    /^PORT is .*; HOSTILE_SEED is "foo", expected a whole number or "random"$/,
  );
});

test('takes what is given', () => {
  expect(
    parseSettings({
      PORT: '3001',
      BATCH_WINDOW_MS: '500',
      TABLE_PREFIX: 'mine',
      EVENTSTORE_URL: 'esdb://127.0.0.1:2113?tls=false',
      RABBITMQ_URL: 'amqps://u:p@broker.example/app',
      DYNAMODB_ENDPOINT: 'http://127.0.0.1:8000',
      PAYMENTS_URL: 'https://pay.example',
      SHIPPING_URL: 'https://carrier.example',
      SES_ENDPOINT: 'http://127.0.0.1:8005',
      JWT_ISSUER: 'https://issuer.example',
    }),
  ).toEqual({
    httpPort: 3001,
    batchWindowMs: 500,
    tablePrefix: 'mine',
    given: {
      eventStore: 'esdb://127.0.0.1:2113?tls=false',
      broker: 'amqps://u:p@broker.example/app',
      dynamo: 'http://127.0.0.1:8000',
      payments: 'https://pay.example',
      shipping: 'https://carrier.example',
      mail: 'http://127.0.0.1:8005',
      issuer: 'https://issuer.example',
    },
  });
});

test('names everything that is wrong at once, in one line and without a password', () => {
  const parse = () =>
    parseSettings({
      PORT: '70000',
      LOG_LEVEL: 'loud',
      RABBITMQ_URL: 'http://u:secret@broker',
      EVENTSTORE_URL: '127.0.0.1',
    });

  expect(parse).toThrow(
    'PORT is "70000", expected a whole number from 0 to 65535; ' +
      'EVENTSTORE_URL is "127.0.0.1", expected something like esdb://127.0.0.1:2113?tls=false; ' +
      'RABBITMQ_URL is "http://broker", expected something like amqp://guest:guest@127.0.0.1:5672; ' +
      'LOG_LEVEL is "loud", expected DEBUG, INFO, WARN, ERROR',
  );
});

test.each(['-5', '0', '1.5', 'soon', '31536000001'])('a payment timeout of %s is none', (text) => {
  expect(() => parseSettings({ PAYMENT_TIMEOUT_MS: text })).toThrow(
    `PAYMENT_TIMEOUT_MS is "${text}", expected a whole number from 1 to 86400000`,
  );
});

test.each([
  'nobody',
  'a@b@c',
  'Waybill <orders>',
  'Waybill orders@example.com',
  'orders@example.com',
  'Waybill <orders@example.com>',
  '<orders@example.com>',
])('mail from %j is taken if the deployed system takes it', async (MAIL_FROM) => {
  const isDeployable = await mailAddress({ resolveVariable: async () => MAIL_FROM }).then(
    () => true,
    () => false,
  );
  const parse = () => parseSettings({ MAIL_FROM });
  if (isDeployable) expect(parse).not.toThrow();
  else expect(parse).toThrow(`MAIL_FROM is "${MAIL_FROM}", expected an address, or a name and an address`);
});

test('Stripe needs a key and a payment method', () => {
  const stripe = { PAYMENTS_URL: 'stripe:', STRIPE_API_KEY: 'sk_test_1', STRIPE_PAYMENT_METHOD: 'pm_card_visa' };
  expect(() => parseSettings(stripe)).not.toThrow();
  expect(() => parseSettings({ ...stripe, STRIPE_API_KEY: '', STRIPE_PAYMENT_METHOD: '' })).toThrow(
    'STRIPE_API_KEY is not set: Stripe needs it; ' +
      'STRIPE_PAYMENT_METHOD is not set: Stripe needs one, such as pm_card_visa',
  );
});

test('an address is shown without its credentials', () => {
  expect(withoutCredentials('amqp://guest:guest@127.0.0.1:5672/app')).toBe('amqp://127.0.0.1:5672/app');
  expect(withoutCredentials('http://127.0.0.1:8000')).toBe('http://127.0.0.1:8000');
});
