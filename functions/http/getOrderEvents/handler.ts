import { orderStream } from '../../../shared/domain/orders/index.ts';
import { toRejectionProblem } from '../../../shared/http/rejections.ts';
import { reply } from '../../../shared/http/reply.ts';
import type { Answer } from '../../../shared/http/route.ts';
import type { EventStore } from '../../../shared/store/eventStore.ts';
import type { GetOrderEventsRequest } from './request.ts';

interface Deps {
  readonly store: Pick<EventStore, 'read'>;
}

/** `GET /orders/{orderId}/events`: the audit trail, oldest first, straight from the store. */
export const createHandler =
  ({ store }: Deps) =>
  async ({ orderId }: GetOrderEventsRequest): Promise<Answer> => {
    const events = orderId ? await Array.fromAsync(store.read(orderStream(orderId))) : [];
    if (events.length === 0) return { problem: toRejectionProblem({ code: 'order/not-found' }) };
    return reply(200, {
      orderId,
      events: events.map(({ id, type, revision, data, metadata }) => {
        const { occurredAt, correlationId, causationId, actor } = metadata;
        return { id, type, revision, data, occurredAt, correlationId, causationId, actor };
      }),
    });
  };
