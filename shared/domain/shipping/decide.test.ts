import { describe, test } from '@jest/globals';
import { specification } from '../../testing/specification.ts';
import { shipmentDecider } from './decide.ts';
import type { ShipmentEvent } from './events.ts';

const { given } = specification(shipmentDecider);

const orderId = '0b6f0a44-0f2c-5d7e-9f55-6b4f3f0a1c11';
const data = { orderId, trackingNumber: 'WB-1', lines: [{ sku: 'mug', quantity: 2 }] };
const carrier = 'local-post';
const created: ShipmentEvent = { type: 'ShipmentCreated', data };
const dispatched: ShipmentEvent = { type: 'ShipmentDispatched', data: { orderId, trackingNumber: 'WB-1', carrier } };
const failed: ShipmentEvent = { type: 'ShipmentFailed', data: { orderId, reason: 'too-large' } };

describe('CreateShipment', () => {
  const command = { type: 'CreateShipment', ...data } as const;
  test('produces a shipment', () => given().when(command).then(created));
  test('stays quiet when created before', () => given(created).when(command).thenNothing());
  test('stays quiet when it has left', () => given(created, dispatched).when(command).thenNothing());
  test('stays quiet when the carrier refused it before', () => given(failed).when(command).thenNothing());
});

describe('DispatchShipment', () => {
  const command = { type: 'DispatchShipment', carrier } as const;
  test('produces a dispatch', () => given(created).when(command).then(dispatched));
  test('stays quiet when it has left', () => given(created, dispatched).when(command).thenNothing());
  test.each([
    ['does not exist', []],
    ['has failed', [failed]],
  ])('refuses a shipment that %s', (_, history) => {
    given(...history)
      .when(command)
      .thenRejected('shipment/not-found');
  });
});

describe('FailShipment', () => {
  const command = { type: 'FailShipment', orderId, reason: 'too-large' } as const;
  test('produces a failure', () => given().when(command).then(failed));
  test.each([
    ['failed before', [failed]],
    ['has left', [created, dispatched]],
  ])('stays quiet when it %s', (_, history) => {
    given(...history)
      .when(command)
      .thenNothing();
  });
});
