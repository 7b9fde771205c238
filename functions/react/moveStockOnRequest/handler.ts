import { type Stock, type StockEvent, stockDecider, stockStream } from '../../../shared/domain/inventory/index.ts';
import {
  type FulfilmentEvent,
  fulfilmentEvents,
  fulfilmentStream,
} from '../../../shared/domain/orderProcessing/index.ts';
import type { Clock } from '../../../shared/kernel/clock.ts';
import { accepted } from '../../../shared/kernel/decision.ts';
import { isFault } from '../../../shared/kernel/fault.ts';
import { createGather } from '../../../shared/kernel/gather.ts';
import type { Logger } from '../../../shared/observe/logger.ts';
import { fulfilmentAggregate, stockAggregate } from '../../../shared/store/aggregates.ts';
import { type Cause, toCause, toDomainEvent } from '../../../shared/store/codec.ts';
import type { EventStore, StoredEvent } from '../../../shared/store/eventStore.ts';
import { decideAndAppend, handleCommand, loadState } from '../../../shared/store/handleCommand.ts';
import { createSnapshotCache } from '../../../shared/store/snapshotCache.ts';
import type { Snapshots } from '../../../shared/store/snapshots.ts';
import { isSettled, isStockRequest, type StockRequest, toAnswer, toCommand, waitingStatus } from './stockRequest.ts';

interface Deps {
  readonly store: Pick<EventStore, 'read' | 'append'>;
  readonly clock: Pick<Clock, 'now' | 'sleep'>;
  readonly snapshots: Snapshots;
  readonly logger: Pick<Logger, 'warn'>;
}

/** One order's request for a SKU, and what it follows from. */
interface Asked {
  readonly request: StockRequest;
  readonly cause: Cause;
}

/** How the stock stands after the decision; or why this one order could not be decided on. */
type Outcome = { readonly stock: Stock } | { readonly failure: unknown };

/**
 * Decides on a SKU's stock and reports the outcome to the asking order. The stock forgets what is settled; the order
 * remembers what it was told. So the order is read *after* the stock: as long as it has no answer, nothing that follows
 * from one can have happened to the stock that was read, and whoever changed it since wins the append.
 *
 * Orders of one batch that want the same SKU are decided on together, one after another, and written at once with an
 * event for each: alone, they would only lose races against each other.
 */
export function createHandler({ store, clock, snapshots, logger }: Deps) {
  const cache = createSnapshotCache({ store, snapshots, logger }, 'stock', stockAggregate);

  const isWaiting = async ({ request: { type, data }, cause }: Asked): Promise<boolean> => {
    const having = cause.place;
    const { state } = await loadState(store, fulfilmentAggregate, fulfilmentStream(data.orderId), { having });
    if (state.status !== 'active') return false;
    return state.lines.some((line) => line.sku === data.sku && line.status === waitingStatus[type]);
  };

  const decideTogether = createGather<Asked, Outcome>(async (sku, asked) => {
    const failures = new Map<Asked, unknown>();
    const causes = new Map<StockEvent, Cause>();
    const causeOf = (event: StockEvent): Cause => {
      const cause = causes.get(event);
      if (!cause) throw new Error(`${event.type} was decided for nobody`);
      return cause;
    };
    await cache.warm(stockStream(sku));
    const result = await decideAndAppend(
      { store, clock, cache },
      stockAggregate,
      stockStream(sku),
      async ({ state }) => {
        const waiting = await Promise.allSettled(asked.map(isWaiting));
        const events: StockEvent[] = [];
        let stock = state;
        for (const [n, one] of asked.entries()) {
          const order = waiting[n];
          if (order?.status === 'rejected') {
            // What is wrong with one order is no matter of the others; what is down is everybody's.
            if (isFault(order.reason) && order.reason.isOutage) throw order.reason;
            failures.set(one, order.reason);
          }
          if (order?.status !== 'fulfilled' || !order.value) continue;
          const decision = stockDecider.decide(toCommand(one.request), stock);
          // Only a receipt can be refused.
          if (decision.outcome === 'rejected') continue;
          stock = decision.events.reduce(stockDecider.evolve, stock);
          for (const event of decision.events) causes.set(event, one.cause);
          events.push(...decision.events);
        }
        return accepted(...events);
      },
      causeOf,
    );
    await cache.keep(stockStream(sku));
    if (result.outcome === 'rejected') throw new Error(`${sku}: ${JSON.stringify(result.rejection)}`);
    return asked.map((one) => (failures.has(one) ? { failure: failures.get(one) } : { stock: result.state }));
  });

  return async (_: undefined, stored: StoredEvent): Promise<undefined> => {
    const request = toDomainEvent<FulfilmentEvent>(fulfilmentEvents, stored);
    if (!request || !isStockRequest(request)) return;
    const { orderId, sku } = request.data;
    const cause = toCause(stored, 'inventory');
    const outcome = await decideTogether(sku, { request, cause });
    if ('failure' in outcome) throw outcome.failure;
    const { stock } = outcome;
    const note = { type: 'NoteFact', fact: toAnswer(request, stock) } as const;
    const noted = await handleCommand({ store, clock }, fulfilmentAggregate, fulfilmentStream(orderId), note, cause);
    const isReserved = stock.reservations.has(orderId);
    if (!isReserved || noted.outcome === 'rejected' || !isSettled(noted.state, sku)) return;
    // Another run had told the order something else before: what was reserved for it is nobody's.
    const undo = { ...cause, actor: 'inventory-undo' };
    const release = { type: 'ReleaseStock', sku, orderId } as const;
    await handleCommand({ store, clock, cache }, stockAggregate, stockStream(sku), release, undo);
  };
}
