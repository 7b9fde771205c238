import type { ShipmentEvent } from './events.ts';

export type Shipment =
  | { readonly status: 'none' | 'failed' }
  | { readonly status: 'created' | 'dispatched'; readonly orderId: string; readonly trackingNumber: string };

export const initialState: Shipment = { status: 'none' };

export function evolve(shipment: Shipment, event: ShipmentEvent): Shipment {
  switch (event.type) {
    case 'ShipmentCreated': {
      const { orderId, trackingNumber } = event.data;
      return { status: 'created', orderId, trackingNumber };
    }
    case 'ShipmentFailed':
      return { status: 'failed' };
    case 'ShipmentDispatched':
      return shipment.status === 'created' ? { ...shipment, status: 'dispatched' } : shipment;
  }
  return shipment;
}
