import { type StockEvent, stockEvents } from '../domain/inventory/index.ts';
import { toDomainEvent } from '../store/codec.ts';
import type { StoredEvent } from '../store/eventStore.ts';

/** One SKU's stock in pieces; `available` is what can be promised. */
export interface StockView {
  readonly sku: string;
  readonly onHand: number;
  readonly reserved: number;
  readonly available: number;
}

const change = ({ sku, ...view }: StockView, onHand: number, reserved: number): StockView => {
  const after = { onHand: view.onHand + onHand, reserved: view.reserved + reserved };
  return { sku, ...after, available: after.onHand - after.reserved };
};

function apply(view: StockView, { type, data }: StockEvent): StockView {
  switch (type) {
    case 'StockReceived':
      return change(view, data.quantity, 0);
    case 'StockReserved':
      return change(view, 0, data.quantity);
    case 'StockReservationRefused':
      return view;
    case 'StockReleased':
      return change(view, 0, -data.quantity);
    case 'StockDispatched':
      return change(view, -data.quantity, -data.quantity);
  }
}

/** The view after one event of `stock-<sku>`; pure. Events of unknown types change nothing. */
export function projectStock(view: StockView | undefined, stored: StoredEvent): StockView | undefined {
  const event = toDomainEvent<StockEvent>(stockEvents, stored);
  if (!event) return view;
  return apply(view ?? { sku: event.data.sku, onHand: 0, reserved: 0, available: 0 }, event);
}
