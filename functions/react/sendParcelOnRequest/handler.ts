import { type FulfilmentEvent, fulfilmentEvents } from '../../../shared/domain/orderProcessing/index.ts';
import { orderStream } from '../../../shared/domain/orders/index.ts';
import {
  type Shipment,
  type ShipmentEvent,
  shipmentDecider,
  shipmentStream,
} from '../../../shared/domain/shipping/index.ts';
import type { Parcel, ParcelAnswer, SendParcel } from '../../../shared/effects/parcels.ts';
import type { Clock } from '../../../shared/kernel/clock.ts';
import { accepted, type Decision } from '../../../shared/kernel/decision.ts';
import { type Erased, erased } from '../../../shared/kernel/erased.ts';
import { Fault } from '../../../shared/kernel/fault.ts';
import type { PersonalData } from '../../../shared/personal/personalData.ts';
import { orderAggregate, shipmentAggregate } from '../../../shared/store/aggregates.ts';
import { toCause, toDomainEvent } from '../../../shared/store/codec.ts';
import type { EventStore, StoredEvent } from '../../../shared/store/eventStore.ts';
import { decideAndAppend, loadState } from '../../../shared/store/handleCommand.ts';

interface Deps {
  readonly store: Pick<EventStore, 'read' | 'append'>;
  readonly sendParcel: SendParcel;
  readonly personal: Pick<PersonalData, 'open'>;
  readonly clock: Pick<Clock, 'now' | 'sleep'>;
}

/** Events that are acted on; others are passed over. */
export const handles = ['ShipmentRequested'] as const;

type ShipmentRequest = Extract<FulfilmentEvent, { type: (typeof handles)[number] }>['data'];

/** What the carrier's answer means to the shipment: created and on its way in one write, or failed. */
function record(
  { orderId, lines }: ShipmentRequest,
  answer: ParcelAnswer,
  state: Shipment,
): Decision<ShipmentEvent, never> {
  const { decide, evolve } = shipmentDecider;
  const commands =
    answer.status === 'taken'
      ? ([
          { type: 'CreateShipment', orderId, trackingNumber: answer.trackingNumber, lines },
          { type: 'DispatchShipment', carrier: answer.carrier },
        ] as const)
      : ([{ type: 'FailShipment', orderId, reason: answer.reason }] as const);
  const events: ShipmentEvent[] = [];
  for (const command of commands) {
    const decision = decide(command, events.reduce(evolve, state));
    // Recorded before, the other way: the first answer counts.
    if (decision.outcome === 'rejected') return accepted();
    events.push(...decision.events);
  }
  return accepted(...events);
}

/** Hands an order's parcel to the carrier, and records whether it was taken. */
export const createHandler = ({ store, sendParcel, personal, clock }: Deps) => {
  /** What goes onto the parcel, and no more. */
  const readRecipient = async (orderId: string): Promise<Parcel['recipient'] | Erased> => {
    const { state: order } = await loadState(store, orderAggregate, orderStream(orderId));
    if (order.status === 'none')
      throw new Fault('store/behind', `a parcel is asked for, and there is no order ${orderId}`);
    const recipient = await personal.open(order.customerId, order.recipient);
    return recipient === erased ? erased : { name: recipient.name, address: recipient.address };
  };

  return async (_: undefined, stored: StoredEvent): Promise<undefined> => {
    const request = toDomainEvent<FulfilmentEvent>(fulfilmentEvents, stored);
    if (request?.type !== handles[0]) return;
    const { orderId, lines } = request.data;
    const stream = shipmentStream(orderId);
    const { state: before } = await loadState(store, shipmentAggregate, stream);
    if (before.status !== 'none') return;
    const recipient = await readRecipient(orderId);
    // The asking event's id is the key: a crash between asking and recording asks the same again.
    const answer: ParcelAnswer =
      recipient === erased
        ? { status: 'declined', reason: 'recipient-erased' }
        : await sendParcel({ key: stored.id, orderId, recipient, lines });
    await decideAndAppend(
      { store, clock },
      shipmentAggregate,
      stream,
      async ({ state }) => record(request.data, answer, state),
      toCause(stored, 'shipping'),
    );
  };
};
