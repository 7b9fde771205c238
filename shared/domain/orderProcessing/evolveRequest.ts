import type { FulfilmentRequest } from './events.ts';
import { moveLine } from './moveLine.ts';
import type { ActiveFulfilment } from './state.ts';

/** What was asked of whom: each request is written once, because the state it leads to no longer asks for it. */
export function evolveRequest(fulfilment: ActiveFulfilment, event: FulfilmentRequest): ActiveFulfilment {
  switch (event.type) {
    case 'StockReservationRequested':
      return moveLine(fulfilment, event.data.sku, 'open', 'requested');
    case 'StockReleaseRequested':
      return moveLine(fulfilment, event.data.sku, 'accepted', 'release-requested');
    case 'StockDispatchRequested':
      return moveLine(fulfilment, event.data.sku, 'accepted', 'dispatch-requested');
    case 'PaymentAuthorizationRequested':
      return { ...fulfilment, payment: 'requested' };
    case 'PaymentCaptureRequested':
      return { ...fulfilment, payment: 'capture-requested' };
    case 'PaymentVoidRequested':
      return { ...fulfilment, payment: 'void-requested' };
    case 'OrderConfirmationRequested':
      return { ...fulfilment, order: 'confirmation-requested' };
    case 'OrderReleaseRequested':
      return { ...fulfilment, order: 'release-requested' };
    case 'OrderRejectionRequested':
      return { ...fulfilment, order: 'rejection-requested' };
    case 'OrderShippingRequested':
      return { ...fulfilment, order: 'shipping-requested' };
    case 'ShipmentRequested':
      return { ...fulfilment, shipment: 'requested' };
  }
}
