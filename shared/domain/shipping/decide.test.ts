import { describe, test } from '@jest/globals';
import { specification } from '../../testing/specification.ts';
import { shipmentDecider } from './decide.ts';
import type { ShipmentEvent } from './events.ts';

const { given } = specification(shipmentDecider);

const orderId = '0b6f0a44-0f2c-5d7e-9f55-6b4f3f0a1c11';
const data = { orderId, trackingNumber: 'WB-1', lines: [{ sku: 'mug', quantity: 2 }] };
const created: ShipmentEvent = { type: 'ShipmentCreated', data };
const dispatched: ShipmentEvent = { type: 'ShipmentDispatched', data: { orderId, trackingNumber: 'WB-1' } };

describe('CreateShipment', () => {
  const command = { type: 'CreateShipment', ...data } as const;
  test('produces a shipment', () => given().when(command).then(created));
  test('stays quiet when created before', () => given(created).when(command).thenNothing());
  test('stays quiet when it has left', () => given(created, dispatched).when(command).thenNothing());
});

describe('DispatchShipment', () => {
  test('produces a dispatch', () => given(created).when({ type: 'DispatchShipment' }).then(dispatched));
  test('stays quiet when it has left', () => {
    given(created, dispatched).when({ type: 'DispatchShipment' }).thenNothing();
  });
  test('refuses a shipment that does not exist', () => {
    given().when({ type: 'DispatchShipment' }).thenRejected('shipment/not-found');
  });
});
