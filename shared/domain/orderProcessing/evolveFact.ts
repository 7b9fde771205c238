import type { FulfilmentFact } from './events.ts';
import { moveLine } from './moveLine.ts';
import type { ActiveFulfilment, Goal, OrderStatus, PaymentStatus } from './state.ts';

const movePayment = (f: ActiveFulfilment, from: PaymentStatus, to: PaymentStatus): ActiveFulfilment =>
  f.payment === from ? { ...f, payment: to } : f;

const moveOrder = (f: ActiveFulfilment, from: OrderStatus, to: OrderStatus): ActiveFulfilment =>
  f.order === from ? { ...f, order: to } : f;

/** The first reason to give up counts; after that, and for a state that did not move, nothing changes. */
const turn = (before: ActiveFulfilment, after: ActiveFulfilment, goal: Goal): ActiveFulfilment =>
  after === before || after.goal.kind !== 'ship' ? after : { ...after, goal };

/** A cancellation that the order accepted: it can't follow a release, the order's own rule. */
function cancel(fulfilment: ActiveFulfilment): ActiveFulfilment {
  if (fulfilment.shipment !== 'open') return fulfilment;
  switch (fulfilment.order) {
    case 'created':
    case 'confirmation-requested':
    case 'confirmed':
    case 'release-requested':
    case 'rejection-requested':
      return turn(fulfilment, { ...fulfilment, order: 'cancelled' }, { kind: 'cancel' });
    case 'released':
    case 'shipping-requested':
    case 'shipped':
    case 'rejected':
    case 'cancelled':
      return fulfilment;
  }
}

/** What others answered. An answer that nobody waits for changes nothing. */
export function evolveFact(fulfilment: ActiveFulfilment, event: FulfilmentFact): ActiveFulfilment {
  switch (event.type) {
    case 'StockReservationAccepted':
      return moveLine(fulfilment, event.data.sku, 'requested', 'accepted');
    case 'StockReservationDeclined': {
      const after = moveLine(fulfilment, event.data.sku, 'requested', 'declined');
      return turn(fulfilment, after, { kind: 'reject', reason: 'out-of-stock' });
    }
    case 'StockReleaseCompleted':
      return moveLine(fulfilment, event.data.sku, 'release-requested', 'released');
    case 'StockDispatchCompleted':
      return moveLine(fulfilment, event.data.sku, 'dispatch-requested', 'dispatched');
    case 'PaymentAuthorizationAccepted':
      return movePayment(fulfilment, 'requested', 'authorized');
    case 'PaymentAuthorizationDeclined': {
      const after = movePayment(fulfilment, 'requested', 'declined');
      return turn(fulfilment, after, { kind: 'reject', reason: 'payment-declined' });
    }
    case 'PaymentAuthorizationTimedOut':
      return fulfilment.payment === 'requested' && fulfilment.goal.kind === 'ship'
        ? { ...fulfilment, goal: { kind: 'reject', reason: 'payment-timeout' } }
        : fulfilment;
    case 'PaymentCaptureCompleted':
      return movePayment(fulfilment, 'capture-requested', 'captured');
    case 'PaymentVoidCompleted':
      return movePayment(fulfilment, 'void-requested', 'voided');
    case 'OrderConfirmationCompleted':
      return moveOrder(fulfilment, 'confirmation-requested', 'confirmed');
    case 'OrderReleaseCompleted':
      return moveOrder(fulfilment, 'release-requested', 'released');
    case 'OrderRejectionCompleted':
      return moveOrder(fulfilment, 'rejection-requested', 'rejected');
    case 'OrderShippingCompleted':
      return moveOrder(fulfilment, 'shipping-requested', 'shipped');
    case 'OrderCancellationNoted':
      return cancel(fulfilment);
    case 'ShipmentCompleted':
      return fulfilment.shipment === 'requested'
        ? { ...fulfilment, shipment: 'dispatched', trackingNumber: event.data.trackingNumber }
        : fulfilment;
    case 'ShipmentDeclined': {
      const after: ActiveFulfilment =
        fulfilment.shipment === 'requested' ? { ...fulfilment, shipment: 'declined' } : fulfilment;
      return turn(fulfilment, after, { kind: 'reject', reason: 'shipping-failed' });
    }
    case 'FulfilmentStarted':
      return fulfilment;
  }
}
