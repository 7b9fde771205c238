import { Postponed } from '../../../shared/broker/consumer.ts';
import {
  type FulfilmentEvent,
  fulfilmentEvents,
  fulfilmentStream,
} from '../../../shared/domain/orderProcessing/index.ts';
import type { Clock } from '../../../shared/kernel/clock.ts';
import { fulfilmentAggregate } from '../../../shared/store/aggregates.ts';
import { toCause, toDomainEvent } from '../../../shared/store/codec.ts';
import type { EventStore, StoredEvent } from '../../../shared/store/eventStore.ts';
import { handleCommand, loadState } from '../../../shared/store/handleCommand.ts';

interface Deps {
  readonly store: Pick<EventStore, 'read' | 'append'>;
  readonly clock: Pick<Clock, 'now' | 'sleep'>;
  /** From the time the authorisation was asked for. */
  readonly timeoutMs: number;
}

/** Events that are acted on; others are passed over. */
export const handles = ['PaymentAuthorizationRequested'] as const;

/**
 * Tells an order's process manager when nobody has answered for its money in time. When that is follows from the stored
 * request alone, so a hint that comes early, late or twice changes nothing. A consumer of its own, since the one that asks
 * the provider is just then held up by it.
 */
export const createHandler =
  ({ store, clock, timeoutMs }: Deps) =>
  async (_: undefined, stored: StoredEvent): Promise<Postponed | undefined> => {
    const request = toDomainEvent<FulfilmentEvent>(fulfilmentEvents, stored);
    if (request?.type !== handles[0]) return undefined;
    const { orderId } = request.data;
    const stream = fulfilmentStream(orderId);
    const { state } = await loadState(store, fulfilmentAggregate, stream, { having: stored });
    if (state.status !== 'active' || state.payment !== 'requested' || state.goal.kind !== 'ship') return undefined;

    const dueAt = new Date(Date.parse(stored.metadata.occurredAt) + timeoutMs);
    if (clock.now() < dueAt) return new Postponed(dueAt);
    const fact = { type: 'PaymentAuthorizationTimedOut', data: { orderId } } as const;
    const cause = toCause(stored, 'payment-deadlines');
    await handleCommand({ store, clock }, fulfilmentAggregate, stream, { type: 'NoteFact', fact }, cause);
    return undefined;
  };
