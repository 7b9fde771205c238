import { type OrderEvent, type OrderLine, orderEvents } from '../domain/orders/index.ts';
import { toDomainEvent } from '../store/codec.ts';
import type { StoredEvent } from '../store/eventStore.ts';

/** An order as its customer sees it. */
export interface OrderView {
  readonly orderId: string;
  readonly customerId: string;
  /** Sealed; missing in rows from before there were any. */
  readonly recipient?: string;
  readonly status: 'created' | 'confirmed' | 'rejected' | 'cancelled' | 'shipped';
  readonly reason?: string;
  readonly trackingNumber?: string;
  readonly lines: readonly OrderLine[];
  readonly totalMinor: number;
  readonly currency: string;
  /** ISO 8601 */
  readonly createdAt: string;
  readonly updatedAt: string;
}

function apply(view: OrderView | undefined, event: OrderEvent, at: string): OrderView | undefined {
  if (event.type === 'OrderCreated') return view ?? { ...event.data, status: 'created', createdAt: at, updatedAt: at };
  if (!view) return undefined;
  switch (event.type) {
    case 'OrderConfirmed':
      return { ...view, status: 'confirmed', updatedAt: at };
    // To the customer it is still confirmed.
    case 'OrderReleased':
      return { ...view, updatedAt: at };
    case 'OrderRejected':
      return { ...view, status: 'rejected', reason: event.data.reason, updatedAt: at };
    case 'OrderCancelled':
      return { ...view, status: 'cancelled', updatedAt: at };
    case 'OrderShipped':
      return { ...view, status: 'shipped', trackingNumber: event.data.trackingNumber, updatedAt: at };
  }
}

/** The view after one event of `order-<orderId>`; pure. Events of unknown types change nothing. */
export function projectOrder(view: OrderView | undefined, stored: StoredEvent): OrderView | undefined {
  const event = toDomainEvent<OrderEvent>(orderEvents, stored);
  return event ? apply(view, event, stored.metadata.occurredAt) : view;
}
