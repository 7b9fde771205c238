// Way 2/7: decide: command + state -> events | rejection; pure, idempotent
import { accepted, type Decider, type Decision, rejected } from '../../kernel/decision.ts';
import type { CreateOrder, OrderCommand } from './commands.ts';
import type { OrderEvent } from './events.ts';
import type { OrderRejection } from './rejections.ts';
import { evolve, initialState, type Order } from './state.ts';

type OrderDecision = Decision<OrderEvent, OrderRejection>;
type Placed = Exclude<Order, { status: 'none' }>;

/** The same customer asking for the same quantities for the same recipient: prices may have changed since, the request has not. */
function isSameRequest(order: Placed, command: CreateOrder): boolean {
  return (
    order.customerId === command.customerId &&
    order.recipient === command.recipient &&
    order.lines.length === command.lines.length &&
    order.lines.every((line, i) => line.sku === command.lines[i]?.sku && line.quantity === command.lines[i]?.quantity)
  );
}

/** An order is created once; its key can't be used for another. */
function createOrder({ type: _, ...data }: CreateOrder, order: Order): OrderDecision {
  if (order.status === 'none') return accepted({ type: 'OrderCreated', data });
  return isSameRequest(order, { type: 'CreateOrder', ...data }) ? accepted() : rejected({ code: 'order/key-reused' });
}

/** Confirmed once; one that was cancelled or rejected in between stays so. */
function confirmOrder({ status, orderId }: Placed): OrderDecision {
  return status === 'created' ? accepted({ type: 'OrderConfirmed', data: { orderId } }) : accepted();
}

/** Only a confirmed order goes to shipping: this and CancelOrder exclude each other, whichever is written first. */
function releaseOrder({ status, orderId }: Placed): OrderDecision {
  return status === 'confirmed' ? accepted({ type: 'OrderReleased', data: { orderId } }) : accepted();
}

/** Until it has left: a parcel that nobody takes is the last thing that can go wrong. */
function rejectOrder({ status, orderId }: Placed, reason: string): OrderDecision {
  return status === 'created' || status === 'confirmed' || status === 'released'
    ? accepted({ type: 'OrderRejected', data: { orderId, reason } })
    : accepted();
}

/** Cancelled until shipping has it. */
function cancelOrder({ status, orderId }: Placed): OrderDecision {
  switch (status) {
    case 'created':
    case 'confirmed':
      return accepted({ type: 'OrderCancelled', data: { orderId } });
    case 'cancelled':
      return accepted();
    case 'released':
    case 'shipped':
    case 'rejected':
      return rejected({ code: 'order/too-late-to-cancel', orderStatus: status });
  }
}

/** Only a released order is shipped. */
function shipOrder({ status, orderId }: Placed, trackingNumber: string): OrderDecision {
  return status === 'released' ? accepted({ type: 'OrderShipped', data: { orderId, trackingNumber } }) : accepted();
}

function decide(command: OrderCommand, order: Order): OrderDecision {
  if (command.type === 'CreateOrder') return createOrder(command, order);
  if (order.status === 'none') return rejected({ code: 'order/not-found' });
  switch (command.type) {
    case 'ConfirmOrder':
      return confirmOrder(order);
    case 'ReleaseOrder':
      return releaseOrder(order);
    case 'RejectOrder':
      return rejectOrder(order, command.reason);
    case 'CancelOrder':
      return cancelOrder(order);
    case 'ShipOrder':
      return shipOrder(order, command.trackingNumber);
  }
}

export const orderDecider: Decider<Order, OrderCommand, OrderEvent, OrderRejection> = {
  initialState,
  evolve,
  decide,
};
