import { type FulfilmentEvent, fulfilmentEvents } from '../../../shared/domain/orderProcessing/index.ts';
import { type OrderCommand, orderStream } from '../../../shared/domain/orders/index.ts';
import type { Clock } from '../../../shared/kernel/clock.ts';
import type { Logger } from '../../../shared/observe/logger.ts';
import { orderAggregate } from '../../../shared/store/aggregates.ts';
import { toCause, toDomainEvent } from '../../../shared/store/codec.ts';
import type { EventStore, StoredEvent } from '../../../shared/store/eventStore.ts';
import { handleCommand } from '../../../shared/store/handleCommand.ts';

interface Deps {
  readonly store: Pick<EventStore, 'read' | 'append'>;
  readonly clock: Pick<Clock, 'now' | 'sleep'>;
  readonly logger: Logger;
}

/** Events that are acted on; others are passed over. */
export const handles = [
  'OrderConfirmationRequested',
  'OrderReleaseRequested',
  'OrderRejectionRequested',
  'OrderShippingRequested',
] as const;

type OrderRequest = Extract<FulfilmentEvent, { type: (typeof handles)[number] }>;

const isOrderRequest = (event: FulfilmentEvent): event is OrderRequest => handles.some((type) => type === event.type);

function toCommand(request: OrderRequest): OrderCommand {
  switch (request.type) {
    case 'OrderConfirmationRequested':
      return { type: 'ConfirmOrder' };
    case 'OrderReleaseRequested':
      return { type: 'ReleaseOrder' };
    case 'OrderRejectionRequested':
      return { type: 'RejectOrder', reason: request.data.reason };
    case 'OrderShippingRequested':
      return { type: 'ShipOrder', trackingNumber: request.data.trackingNumber };
  }
}

/** Moves the order on as its process manager asks; whether it still can is the order's own decision. */
export const createHandler =
  ({ store, clock, logger }: Deps) =>
  async (_: undefined, stored: StoredEvent): Promise<undefined> => {
    const request = toDomainEvent<FulfilmentEvent>(fulfilmentEvents, stored);
    if (!request || !isOrderRequest(request)) return;
    const command = toCommand(request);
    const stream = orderStream(request.data.orderId);
    const result = await handleCommand({ store, clock }, orderAggregate, stream, command, toCause(stored, 'orders'));
    if (result.outcome === 'rejected')
      logger.warn('request refused', { stream, request: request.type, ...result.rejection });
  };
