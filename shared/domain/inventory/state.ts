import type { StockEvent } from './events.ts';

/**
 * One SKU's stock. `reservations` are the open ones by order; what has been released or dispatched is forgotten, so the
 * state stays as large as the open business. Receipts and refusals are remembered for the newest `memory` of each:
 * long enough for every repeat that overlaps or follows a crash at once; older repeats are stopped by the cursor.
 */
export interface Stock {
  readonly onHand: number;
  readonly reserved: number;
  readonly reservations: ReadonlyMap<string, number>;
  readonly receipts: ReadonlyMap<string, number>;
  readonly refusals: ReadonlyMap<string, number>;
}

const memory = 1_000;

export const initialState: Stock = {
  onHand: 0,
  reserved: 0,
  reservations: new Map(),
  receipts: new Map(),
  refusals: new Map(),
};

export const availableIn = (stock: Stock): number => stock.onHand - stock.reserved;

function remember(known: ReadonlyMap<string, number>, key: string, value: number): ReadonlyMap<string, number> {
  const next = new Map(known).set(key, value);
  for (const oldest of next.keys()) {
    if (next.size <= memory) break;
    next.delete(oldest);
  }
  return next;
}

function forget(known: ReadonlyMap<string, number>, key: string): ReadonlyMap<string, number> {
  const next = new Map(known);
  next.delete(key);
  return next;
}

export function evolve(stock: Stock, event: StockEvent): Stock {
  switch (event.type) {
    case 'StockReceived': {
      const { receiptId, quantity } = event.data;
      return { ...stock, onHand: stock.onHand + quantity, receipts: remember(stock.receipts, receiptId, quantity) };
    }
    case 'StockReserved': {
      const { orderId, quantity } = event.data;
      const reservations = new Map(stock.reservations).set(orderId, quantity);
      return { ...stock, reserved: stock.reserved + quantity, reservations };
    }
    case 'StockReservationRefused':
      return { ...stock, refusals: remember(stock.refusals, event.data.orderId, event.data.available) };
    case 'StockReleased': {
      const { orderId, quantity } = event.data;
      return { ...stock, reserved: stock.reserved - quantity, reservations: forget(stock.reservations, orderId) };
    }
    case 'StockDispatched': {
      const { orderId, quantity } = event.data;
      return {
        ...stock,
        onHand: stock.onHand - quantity,
        reserved: stock.reserved - quantity,
        reservations: forget(stock.reservations, orderId),
      };
    }
  }
  return stock;
}
