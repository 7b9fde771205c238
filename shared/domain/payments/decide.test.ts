import { describe, test } from '@jest/globals';
import { specification } from '../../testing/specification.ts';
import { paymentDecider } from './decide.ts';
import type { PaymentEvent } from './events.ts';

const { given } = specification(paymentDecider);

const orderId = '0b6f0a44-0f2c-5d7e-9f55-6b4f3f0a1c11';
const money = { orderId, amountMinor: 2500, currency: 'EUR' };
const authorized: PaymentEvent = { type: 'PaymentAuthorized', data: { ...money, authorizationId: 'a-1' } };
const declined: PaymentEvent = { type: 'PaymentDeclined', data: { ...money, reason: 'insufficient-funds' } };
const captured: PaymentEvent = { type: 'PaymentCaptured', data: money };
const voided: PaymentEvent = { type: 'PaymentVoided', data: money };

describe('RecordAuthorization', () => {
  const command = { type: 'RecordAuthorization', ...money, authorizationId: 'a-1' } as const;
  test('produces an authorisation', () => given().when(command).then(authorized));
  test.each([
    ['authorised', [authorized]],
    ['declined', [declined]],
    ['captured', [authorized, captured]],
  ])('stays quiet when %s', (_, history) => {
    given(...history)
      .when(command)
      .thenNothing();
  });
});

describe('RecordDecline', () => {
  const command = { type: 'RecordDecline', ...money, reason: 'insufficient-funds' } as const;
  test('produces a decline', () => given().when(command).then(declined));
  test.each([
    ['declined', declined],
    ['authorised', authorized],
  ])('stays quiet when %s', (_, event) => given(event).when(command).thenNothing());
});

describe.each([
  ['RecordCapture', captured, voided],
  ['RecordVoid', voided, captured],
] as const)('%s', (type, settled, opposite) => {
  test('produces the settlement', () => given(authorized).when({ type }).then(settled));
  test('stays quiet when done before', () => given(authorized, settled).when({ type }).thenNothing());
  test.each([
    ['was never authorised', []],
    ['was declined', [declined]],
    ['has gone the other way', [authorized, opposite]],
  ])('refuses when the payment %s', (_, history) => {
    given(...history)
      .when({ type })
      .thenRejected('payment/not-authorized');
  });
});
