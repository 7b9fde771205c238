import { type Stock, type StockCommand, stockDecider, stockStream } from '../../../shared/domain/inventory/index.ts';
import {
  type Fulfilment,
  type FulfilmentEvent,
  type FulfilmentFact,
  fulfilmentEvents,
  fulfilmentStream,
} from '../../../shared/domain/orderProcessing/index.ts';
import type { Clock } from '../../../shared/kernel/clock.ts';
import { accepted } from '../../../shared/kernel/decision.ts';
import { createTurns } from '../../../shared/kernel/turns.ts';
import { fulfilmentAggregate, stockAggregate } from '../../../shared/store/aggregates.ts';
import { toCause, toDomainEvent } from '../../../shared/store/codec.ts';
import type { EventStore, StoredEvent } from '../../../shared/store/eventStore.ts';
import { decideAndAppend, handleCommand, loadState } from '../../../shared/store/handleCommand.ts';
import { createStateCache } from '../../../shared/store/stateCache.ts';

interface Deps {
  readonly store: Pick<EventStore, 'read' | 'append'>;
  readonly clock: Pick<Clock, 'now'>;
}

/** Events that are acted on; others are passed over. */
export const handles = ['StockReservationRequested', 'StockReleaseRequested', 'StockDispatchRequested'] as const;

type StockRequest = Extract<FulfilmentEvent, { type: (typeof handles)[number] }>;

/** How the order's line stands while it waits for the answer. */
const waitingStatus = {
  StockReservationRequested: 'requested',
  StockReleaseRequested: 'release-requested',
  StockDispatchRequested: 'dispatch-requested',
} as const satisfies Record<StockRequest['type'], string>;

const isStockRequest = (event: FulfilmentEvent): event is StockRequest => Object.hasOwn(waitingStatus, event.type);

function toCommand({ type, data }: StockRequest): StockCommand {
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
function isSettled(fulfilment: Fulfilment, sku: string): boolean {
  if (fulfilment.status !== 'active') return fulfilment.status === 'completed';
  const status = fulfilment.lines.find((line) => line.sku === sku)?.status;
  return status === 'declined' || status === 'released' || status === 'dispatched';
}

/** What the asking order is told, from how the stock stands after the decision. */
function toAnswer({ type, data }: StockRequest, stock: Stock): FulfilmentFact {
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

/**
 * Decides on a SKU's stock and reports the outcome to the asking order. The stock forgets what is settled; the order
 * remembers what it was told. So the order is read *after* the stock: as long as it has no answer, nothing that follows
 * from one can have happened to the stock that was read, and whoever changed it since wins the append.
 */
export function createHandler({ store, clock }: Deps) {
  // Orders of one batch that want the same SKU would only lose races against each other.
  const inTurn = createTurns();
  const cache = createStateCache<Stock>();

  return async (_: undefined, stored: StoredEvent): Promise<undefined> => {
    const request = toDomainEvent<FulfilmentEvent>(fulfilmentEvents, stored);
    if (!request || !isStockRequest(request)) return;
    const { orderId, sku } = request.data;
    const order = fulfilmentStream(orderId);
    const cause = toCause(stored, 'inventory');
    const command = toCommand(request);

    const isWaiting = async (): Promise<boolean> => {
      const { state } = await loadState(store, fulfilmentAggregate, order);
      if (state.status !== 'active') return false;
      return state.lines.some((line) => line.sku === sku && line.status === waitingStatus[request.type]);
    };
    const result = await inTurn(sku, () =>
      decideAndAppend(
        { store, clock, cache },
        stockAggregate,
        stockStream(sku),
        async ({ state }) => ((await isWaiting()) ? stockDecider.decide(command, state) : accepted()),
        cause,
      ),
    );
    // Only a receipt can be refused.
    if (result.outcome === 'rejected') return;
    const fact = toAnswer(request, result.state);
    const noted = await handleCommand({ store, clock }, fulfilmentAggregate, order, { type: 'NoteFact', fact }, cause);
    const isReserved = result.state.reservations.has(orderId);
    if (!isReserved || noted.outcome === 'rejected' || !isSettled(noted.state, sku)) return;
    // Another run had told the order something else before: what was reserved for it is nobody's.
    const undo = { ...cause, actor: 'inventory-undo' };
    const release = { type: 'ReleaseStock', sku, orderId } as const;
    await inTurn(sku, () => handleCommand({ store, clock, cache }, stockAggregate, stockStream(sku), release, undo));
  };
}
