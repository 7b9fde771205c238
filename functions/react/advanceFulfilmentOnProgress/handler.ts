import { fulfilmentStream, toFact } from '../../../shared/domain/orderProcessing/index.ts';
import { type OrderEvent, orderEvents } from '../../../shared/domain/orders/index.ts';
import { type PaymentEvent, paymentEvents } from '../../../shared/domain/payments/index.ts';
import { type ShipmentEvent, shipmentEvents } from '../../../shared/domain/shipping/index.ts';
import type { Clock } from '../../../shared/kernel/clock.ts';
import { Fault } from '../../../shared/kernel/fault.ts';
import { fulfilmentAggregate } from '../../../shared/store/aggregates.ts';
import { toCause, toDomainEvent } from '../../../shared/store/codec.ts';
import type { EventStore, StoredEvent } from '../../../shared/store/eventStore.ts';
import { handleCommand } from '../../../shared/store/handleCommand.ts';

interface Deps {
  readonly store: Pick<EventStore, 'read' | 'append'>;
  readonly clock: Pick<Clock, 'now' | 'sleep'>;
}

const followed = { ...orderEvents, ...paymentEvents, ...shipmentEvents };

/**
 * Tells an order's process manager what happened in the order's other streams. The first that it is told is that the order was
 * created: whatever else finds it not begun has read too little. That the cause could be read does not make sure of it, for a
 * customer's cancellation may be stored before the beginning is.
 *
 * @throws Fault as handleCommand; store/behind when there is no process manager to tell yet
 */
export const createHandler =
  ({ store, clock }: Deps) =>
  async (_: undefined, stored: StoredEvent): Promise<undefined> => {
    const event = toDomainEvent<OrderEvent | PaymentEvent | ShipmentEvent>(followed, stored);
    const fact = event && toFact(event);
    if (!fact) return;
    const stream = fulfilmentStream(fact.data.orderId);
    const cause = toCause(stored, 'order-processing');
    const result = await handleCommand(
      { store, clock },
      fulfilmentAggregate,
      stream,
      { type: 'NoteFact', fact },
      cause,
    );
    if (result.outcome === 'accepted' && result.state.status === 'none')
      throw new Fault('store/behind', `${stream} has not begun, and is to be told of ${stored.type}`);
  };
