import type { Stock, StockCommand } from '../../../shared/domain/inventory/index.ts';
import type { Fulfilment, FulfilmentEvent, FulfilmentFact } from '../../../shared/domain/orderProcessing/index.ts';

/** Events that are acted on; others are passed over. */
export const handles = ['StockReservationRequested', 'StockReleaseRequested', 'StockDispatchRequested'] as const;

export type StockRequest = Extract<FulfilmentEvent, { type: (typeof handles)[number] }>;

/** How the order's line stands while it waits for the answer. */
export const waitingStatus = {
  StockReservationRequested: 'requested',
  StockReleaseRequested: 'release-requested',
  StockDispatchRequested: 'dispatch-requested',
} as const satisfies Record<StockRequest['type'], string>;

export const isStockRequest = (event: FulfilmentEvent): event is StockRequest =>
  Object.hasOwn(waitingStatus, event.type);

export function toCommand({ type, data }: StockRequest): StockCommand {
  switch (type) {
    case 'StockReservationRequested':
      return { type: 'ReserveStock', ...data };
    case 'StockReleaseRequested':
      return { type: 'ReleaseStock', ...data };
    case 'StockDispatchRequested':
      return { type: 'DispatchStock', ...data };
  }
}

/** The order needs nothing of this SKU any more: an open reservation would stay for ever. */
export function isSettled(fulfilment: Fulfilment, sku: string): boolean {
  if (fulfilment.status !== 'active') return fulfilment.status === 'completed';
  const status = fulfilment.lines.find((line) => line.sku === sku)?.status;
  return status === 'declined' || status === 'released' || status === 'dispatched';
}

/** What the asking order is told, from how the stock stands after the decision. */
export function toAnswer({ type, data }: StockRequest, stock: Stock): FulfilmentFact {
  switch (type) {
    case 'StockReservationRequested': {
      if (stock.reservations.has(data.orderId)) return { type: 'StockReservationAccepted', data };
      return { type: 'StockReservationDeclined', data: { ...data, available: stock.refusals.get(data.orderId) ?? 0 } };
    }
    case 'StockReleaseRequested':
      return { type: 'StockReleaseCompleted', data };
    case 'StockDispatchRequested':
      return { type: 'StockDispatchCompleted', data };
  }
}
