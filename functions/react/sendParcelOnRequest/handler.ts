import { type FulfilmentEvent, fulfilmentEvents } from '../../../shared/domain/orderProcessing/index.ts';
import { shipmentDecider, shipmentStream, toTrackingNumber } from '../../../shared/domain/shipping/index.ts';
import type { Clock } from '../../../shared/kernel/clock.ts';
import { accepted } from '../../../shared/kernel/decision.ts';
import { shipmentAggregate } from '../../../shared/store/aggregates.ts';
import { toCause, toDomainEvent } from '../../../shared/store/codec.ts';
import type { EventStore, StoredEvent } from '../../../shared/store/eventStore.ts';
import { decideAndAppend } from '../../../shared/store/handleCommand.ts';

interface Deps {
  readonly store: Pick<EventStore, 'read' | 'append'>;
  readonly clock: Pick<Clock, 'now'>;
}

/** Events that are acted on; others are passed over. */
export const handles = ['ShipmentRequested'] as const;

/** Creates an order's shipment and dispatches it, in one write. */
export const createHandler =
  ({ store, clock }: Deps) =>
  async (_: undefined, stored: StoredEvent): Promise<undefined> => {
    const request = toDomainEvent<FulfilmentEvent>(fulfilmentEvents, stored);
    if (request?.type !== handles[0]) return;
    const { orderId, lines } = request.data;
    await decideAndAppend(
      { store, clock },
      shipmentAggregate,
      shipmentStream(orderId),
      async ({ state }) => {
        const trackingNumber = toTrackingNumber(orderId);
        const created = shipmentDecider.decide({ type: 'CreateShipment', orderId, trackingNumber, lines }, state);
        if (created.outcome === 'rejected') return created;
        const next = created.events.reduce(shipmentDecider.evolve, state);
        const dispatched = shipmentDecider.decide({ type: 'DispatchShipment' }, next);
        if (dispatched.outcome === 'rejected') return dispatched;
        return accepted(...created.events, ...dispatched.events);
      },
      toCause(stored, 'shipping'),
    );
  };
