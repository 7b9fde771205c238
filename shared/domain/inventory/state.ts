import { emptyMap, type PersistentMap } from '../../kernel/persistentMap.ts';
import type { StockEvent } from './events.ts';

/**
 * One SKU's stock, as small as the open business: `reservations` are the open ones by order, and what has been released
 * or dispatched is forgotten. Refusals are remembered as long as two runs can overlap. Which deliveries were counted is
 * another state of the same stream (receipts.ts).
 */
export interface Stock {
  readonly onHand: number;
  readonly reserved: number;
  readonly reservations: PersistentMap<number>;
  readonly refusals: PersistentMap<number>;
  /** Orders that were refused, oldest first. */
  readonly refusedOrders: readonly string[];
}

const maxRefusals = 1_000;

export const initialState: Stock = {
  onHand: 0,
  reserved: 0,
  reservations: emptyMap(),
  refusals: emptyMap(),
  refusedOrders: [],
};

export const availableIn = (stock: Stock): number => stock.onHand - stock.reserved;

/** Forgets half of them at a time, so that forgetting costs next to nothing an event. */
function refuse(stock: Stock, orderId: string, available: number): Stock {
  const refusals = stock.refusals.set(orderId, available);
  const refusedOrders = [...stock.refusedOrders, orderId];
  if (refusedOrders.length <= maxRefusals) return { ...stock, refusals, refusedOrders };
  const forgotten = refusedOrders.slice(0, maxRefusals / 2);
  return {
    ...stock,
    refusals: forgotten.reduce((kept, order) => kept.delete(order), refusals),
    refusedOrders: refusedOrders.slice(maxRefusals / 2),
  };
}

export function evolve(stock: Stock, event: StockEvent): Stock {
  switch (event.type) {
    case 'StockReceived':
      return { ...stock, onHand: stock.onHand + event.data.quantity };
    case 'StockReserved': {
      const { orderId, quantity } = event.data;
      return { ...stock, reserved: stock.reserved + quantity, reservations: stock.reservations.set(orderId, quantity) };
    }
    case 'StockReservationRefused':
      return refuse(stock, event.data.orderId, event.data.available);
    case 'StockReleased': {
      const { orderId, quantity } = event.data;
      return { ...stock, reserved: stock.reserved - quantity, reservations: stock.reservations.delete(orderId) };
    }
    case 'StockDispatched': {
      const { orderId, quantity } = event.data;
      return {
        ...stock,
        onHand: stock.onHand - quantity,
        reserved: stock.reserved - quantity,
        reservations: stock.reservations.delete(orderId),
      };
    }
  }
  return stock;
}
