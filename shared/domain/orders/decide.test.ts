import { describe, test } from '@jest/globals';
import { specification } from '../../testing/specification.ts';
import { orderDecider } from './decide.ts';
import type { OrderEvent } from './events.ts';

const { given } = specification(orderDecider);

const orderId = '0b6f0a44-0f2c-5d7e-9f55-6b4f3f0a1c11';
const data = {
  orderId,
  customerId: 'c-1',
  recipient: 'sealed',
  lines: [{ sku: 'mug', name: 'Mug', quantity: 2, unitPriceMinor: 1250 }],
  totalMinor: 2500,
  currency: 'EUR',
};
const created: OrderEvent = { type: 'OrderCreated', data };
const confirmed: OrderEvent = { type: 'OrderConfirmed', data: { orderId } };
const released: OrderEvent = { type: 'OrderReleased', data: { orderId } };
const rejected: OrderEvent = { type: 'OrderRejected', data: { orderId, reason: 'out of stock' } };
const cancelled: OrderEvent = { type: 'OrderCancelled', data: { orderId } };
const shipped: OrderEvent = { type: 'OrderShipped', data: { orderId, trackingNumber: 'WB-1' } };

describe('CreateOrder', () => {
  test('produces an order', () =>
    given()
      .when({ type: 'CreateOrder', ...data })
      .then(created));
  test('stays quiet when sent again, whatever has become of the order', () => {
    given(created, confirmed, released, shipped)
      .when({ type: 'CreateOrder', ...data })
      .thenNothing();
  });
  test('stays quiet when sent again after a price change', () => {
    const lines = [{ sku: 'mug', name: 'Mug', quantity: 2, unitPriceMinor: 1300 }];
    given(created)
      .when({ type: 'CreateOrder', ...data, lines, totalMinor: 2600 })
      .thenNothing();
  });
  test.each([
    ['another quantity', [{ sku: 'mug', name: 'Mug', quantity: 3, unitPriceMinor: 1250 }]],
    ['another SKU', [{ sku: 'pen', name: 'Pen', quantity: 2, unitPriceMinor: 1250 }]],
    ['one more line', [...data.lines, { sku: 'pen', name: 'Pen', quantity: 1, unitPriceMinor: 1 }]],
    ['no line', []],
  ])('refuses the same key for %s', (_, lines) => {
    given(created)
      .when({ type: 'CreateOrder', ...data, lines })
      .thenRejected('order/key-reused');
  });
  test('refuses the same key for another recipient', () => {
    given(created)
      .when({ type: 'CreateOrder', ...data, recipient: 'another' })
      .thenRejected('order/key-reused');
  });
});

describe('ConfirmOrder', () => {
  test('produces a confirmation', () => given(created).when({ type: 'ConfirmOrder' }).then(confirmed));
  test.each([
    ['confirmed', confirmed],
    ['rejected', rejected],
    ['cancelled', cancelled],
  ])('stays quiet when %s', (_, event) => given(created, event).when({ type: 'ConfirmOrder' }).thenNothing());
  test('refuses an order that does not exist', () => {
    given().when({ type: 'ConfirmOrder' }).thenRejected('order/not-found');
  });
});

describe('ReleaseOrder', () => {
  test('produces a release', () => given(created, confirmed).when({ type: 'ReleaseOrder' }).then(released));
  test('stays quiet when released before', () => {
    given(created, confirmed, released).when({ type: 'ReleaseOrder' }).thenNothing();
  });
  test('stays quiet when a cancellation came first', () => {
    given(created, confirmed, cancelled).when({ type: 'ReleaseOrder' }).thenNothing();
  });
  test('refuses an order that does not exist', () => {
    given().when({ type: 'ReleaseOrder' }).thenRejected('order/not-found');
  });
});

describe('RejectOrder', () => {
  const command = { type: 'RejectOrder', reason: 'out of stock' } as const;
  test('produces a rejection', () => given(created).when(command).then(rejected));
  test('produces one after the release too: the carrier may refuse the parcel', () => {
    given(created, confirmed, released).when(command).then(rejected);
  });
  test.each([
    ['rejected', rejected],
    ['cancelled', cancelled],
    ['shipped', shipped],
  ])('stays quiet when %s', (_, event) => given(created, event).when(command).thenNothing());
  test('refuses an order that does not exist', () => given().when(command).thenRejected('order/not-found'));
});

describe('CancelOrder', () => {
  test.each([
    ['created', [created]],
    ['confirmed', [created, confirmed]],
  ])('produces a cancellation when %s', (_, history) => {
    given(...history)
      .when({ type: 'CancelOrder' })
      .then(cancelled);
  });
  test('stays quiet when cancelled before', () => {
    given(created, cancelled).when({ type: 'CancelOrder' }).thenNothing();
  });
  test.each([
    ['released', [created, confirmed, released]],
    ['shipped', [created, confirmed, released, shipped]],
    ['rejected', [created, rejected]],
  ])('refuses when %s', (_, history) => {
    given(...history)
      .when({ type: 'CancelOrder' })
      .thenRejected('order/too-late-to-cancel');
  });
  test('refuses an order that does not exist', () => {
    given().when({ type: 'CancelOrder' }).thenRejected('order/not-found');
  });
});

describe('ShipOrder', () => {
  const command = { type: 'ShipOrder', trackingNumber: 'WB-1' } as const;
  test('produces a shipment', () => given(created, confirmed, released).when(command).then(shipped));
  test.each([
    ['shipped', [created, confirmed, released, shipped]],
    ['not released', [created, confirmed]],
    ['cancelled', [created, cancelled]],
  ])('stays quiet when %s', (_, history) => {
    given(...history)
      .when(command)
      .thenNothing();
  });
  test('refuses an order that does not exist', () => given().when(command).thenRejected('order/not-found'));
});

test('an event of a type not known yet changes nothing', () => {
  given(created, { type: 'OrderGiftWrapped', data: {} } as never, confirmed)
    .when({ type: 'CancelOrder' })
    .then(cancelled);
});
