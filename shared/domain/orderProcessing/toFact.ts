import type { OrderEvent } from '../orders/index.ts';
import type { PaymentEvent } from '../payments/index.ts';
import type { ShipmentEvent } from '../shipping/index.ts';
import type { FulfilmentFact } from './events.ts';

/** What an event of the order's other streams means to its process manager; undefined: nothing. */
export function toFact(event: OrderEvent | PaymentEvent | ShipmentEvent): FulfilmentFact | undefined {
  const { orderId } = event.data;
  switch (event.type) {
    case 'OrderCreated': {
      const { totalMinor, currency } = event.data;
      const lines = event.data.lines.map(({ sku, quantity }) => ({ sku, quantity }));
      return { type: 'FulfilmentStarted', data: { orderId, lines, totalMinor, currency } };
    }
    case 'OrderConfirmed':
      return { type: 'OrderConfirmationCompleted', data: { orderId } };
    case 'OrderReleased':
      return { type: 'OrderReleaseCompleted', data: { orderId } };
    case 'OrderRejected':
      return { type: 'OrderRejectionCompleted', data: { orderId } };
    case 'OrderCancelled':
      return { type: 'OrderCancellationNoted', data: { orderId } };
    case 'OrderShipped':
      return { type: 'OrderShippingCompleted', data: { orderId } };
    case 'PaymentAuthorized':
      return { type: 'PaymentAuthorizationAccepted', data: { orderId } };
    case 'PaymentDeclined':
      return { type: 'PaymentAuthorizationDeclined', data: { orderId, reason: event.data.reason } };
    case 'PaymentCaptured':
      return { type: 'PaymentCaptureCompleted', data: { orderId } };
    case 'PaymentVoided':
      return { type: 'PaymentVoidCompleted', data: { orderId } };
    case 'ShipmentDispatched':
      return { type: 'ShipmentCompleted', data: { orderId, trackingNumber: event.data.trackingNumber } };
    case 'ShipmentFailed':
      return { type: 'ShipmentDeclined', data: { orderId, reason: event.data.reason } };
    case 'ShipmentCreated':
      return undefined;
  }
  return undefined;
}
