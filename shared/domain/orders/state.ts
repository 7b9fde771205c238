import type { OrderEvent, OrderLine } from './events.ts';

interface Placed {
  readonly orderId: string;
  readonly customerId: string;
  /** Sealed. */
  readonly recipient: string;
  readonly lines: readonly OrderLine[];
  readonly totalMinor: number;
  readonly currency: string;
}

/** `released` is the point of no return between confirmed and shipped: shipping has the order. */
export type Order =
  | { readonly status: 'none' }
  | ({ readonly status: 'created' | 'confirmed' | 'released' | 'rejected' | 'cancelled' | 'shipped' } & Placed);

export const initialState: Order = { status: 'none' };

export function evolve(order: Order, event: OrderEvent): Order {
  if (event.type === 'OrderCreated') return order.status === 'none' ? { status: 'created', ...event.data } : order;
  if (order.status === 'none') return order;
  switch (event.type) {
    case 'OrderConfirmed':
      return { ...order, status: 'confirmed' };
    case 'OrderReleased':
      return { ...order, status: 'released' };
    case 'OrderRejected':
      return { ...order, status: 'rejected' };
    case 'OrderCancelled':
      return { ...order, status: 'cancelled' };
    case 'OrderShipped':
      return { ...order, status: 'shipped' };
  }
  // Written by a later version than this one: nothing we know of changes.
  return order;
}
