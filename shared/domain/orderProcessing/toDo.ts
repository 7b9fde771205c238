import type { FulfilmentEvent } from './events.ts';
import type { ActiveFulfilment, LineStatus, OrderStatus } from './state.ts';

type Next = readonly FulfilmentEvent[];

const linesAt = (f: ActiveFulfilment, status: LineStatus) =>
  f.lines.filter((line) => line.status === status).map(({ sku, quantity }) => ({ orderId: f.orderId, sku, quantity }));

const allLinesAre = (f: ActiveFulfilment, ...statuses: readonly LineStatus[]): boolean =>
  f.lines.every((line) => statuses.includes(line.status));

/** Stock, then money, then the promise, then the point of no return, then the parcel; when it has left, all the rest. */
function toShip(f: ActiveFulfilment): Next {
  const { orderId } = f;
  const open = linesAt(f, 'open');
  if (open.length > 0) return open.map((data) => ({ type: 'StockReservationRequested', data }));
  if (f.payment === 'open') {
    const data = { orderId, amountMinor: f.totalMinor, currency: f.currency };
    return allLinesAre(f, 'accepted') ? [{ type: 'PaymentAuthorizationRequested', data }] : [];
  }
  if (f.payment === 'authorized' && f.order === 'created') {
    return [{ type: 'OrderConfirmationRequested', data: { orderId } }];
  }
  if (f.order === 'confirmed') return [{ type: 'OrderReleaseRequested', data: { orderId } }];
  if (f.order === 'released' && f.shipment === 'open') {
    const lines = f.lines.map(({ sku, quantity }) => ({ sku, quantity }));
    return [{ type: 'ShipmentRequested', data: { orderId, lines } }];
  }
  return f.shipment === 'dispatched' ? toSettle(f) : [];
}

function toSettle(f: ActiveFulfilment): Next {
  const { orderId, trackingNumber } = f;
  if (f.payment === 'captured' && f.order === 'shipped' && allLinesAre(f, 'dispatched')) {
    return [{ type: 'FulfilmentCompleted', data: { orderId, outcome: 'shipped' } }];
  }
  const next: FulfilmentEvent[] = [];
  for (const data of linesAt(f, 'accepted')) next.push({ type: 'StockDispatchRequested', data });
  if (f.payment === 'authorized') next.push({ type: 'PaymentCaptureRequested', data: { orderId } });
  if (f.order === 'released') next.push({ type: 'OrderShippingRequested', data: { orderId, trackingNumber } });
  return next;
}

/** Nothing is under way that could still promise more: the order is neither ended nor asked to go on. */
const canBeRejected = (status: OrderStatus): boolean => status === 'created' || status === 'released';

/** Give back what was taken. What is still being asked for is waited for, and given back when it comes. */
function toUnwind(f: ActiveFulfilment): Next {
  const { orderId } = f;
  const isSettled = allLinesAre(f, 'declined', 'released') && ['open', 'declined', 'voided'].includes(f.payment);
  if (isSettled && (f.order === 'rejected' || f.order === 'cancelled')) {
    return [{ type: 'FulfilmentCompleted', data: { orderId, outcome: f.order } }];
  }
  const next: FulfilmentEvent[] = [];
  if (f.goal.kind === 'reject' && canBeRejected(f.order)) {
    next.push({ type: 'OrderRejectionRequested', data: { orderId, reason: f.goal.reason } });
  }
  for (const data of linesAt(f, 'accepted')) next.push({ type: 'StockReleaseRequested', data });
  if (f.payment === 'authorized') next.push({ type: 'PaymentVoidRequested', data: { orderId } });
  return next;
}

/** What has to be asked for now, derived from how things stand and from nothing else. */
export const toDo = (f: ActiveFulfilment): Next => (f.goal.kind === 'ship' ? toShip(f) : toUnwind(f));
