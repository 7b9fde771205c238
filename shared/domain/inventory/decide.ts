import { accepted, type Decider, type Decision } from '../../kernel/decision.ts';
import type { StockCommand } from './commands.ts';
import type { StockEvent } from './events.ts';
import { availableIn, evolve, initialState, type Stock } from './state.ts';

type StockDecision = Decision<StockEvent, never>;
type Command<Type extends StockCommand['type']> = Omit<Extract<StockCommand, { type: Type }>, 'type'>;

/** All of it or nothing, never more than is available; an order that was answered is not answered differently. */
function reserveStock({ sku, orderId, quantity }: Command<'ReserveStock'>, stock: Stock): StockDecision {
  if (stock.reservations.has(orderId) || stock.refusals.has(orderId)) return accepted();
  const available = availableIn(stock);
  return available >= quantity
    ? accepted({ type: 'StockReserved', data: { sku, orderId, quantity } })
    : accepted({ type: 'StockReservationRefused', data: { sku, orderId, quantity, available } });
}

/** An order's open reservation becomes available again. */
function releaseStock({ sku, orderId }: Command<'ReleaseStock'>, stock: Stock): StockDecision {
  const quantity = stock.reservations.get(orderId);
  return quantity === undefined ? accepted() : accepted({ type: 'StockReleased', data: { sku, orderId, quantity } });
}

/** What an order had reserved leaves the warehouse. */
function dispatchStock({ sku, orderId }: Command<'DispatchStock'>, stock: Stock): StockDecision {
  const quantity = stock.reservations.get(orderId);
  return quantity === undefined ? accepted() : accepted({ type: 'StockDispatched', data: { sku, orderId, quantity } });
}

export function decide(command: StockCommand, stock: Stock): StockDecision {
  switch (command.type) {
    case 'ReserveStock':
      return reserveStock(command, stock);
    case 'ReleaseStock':
      return releaseStock(command, stock);
    case 'DispatchStock':
      return dispatchStock(command, stock);
  }
}

export const stockDecider: Decider<Stock, StockCommand, StockEvent, never> = {
  initialState,
  evolve,
  decide,
};
