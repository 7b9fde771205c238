import { orderStream } from '../../../shared/domain/orders/index.ts';
import { isWithin } from '../../../shared/http/caller.ts';
import { toRejectionProblem } from '../../../shared/http/rejections.ts';
import { reply } from '../../../shared/http/reply.ts';
import type { Answer } from '../../../shared/http/route.ts';
import { type OrderView, projectOrder } from '../../../shared/readModels/orderView.ts';
import type { EventStore } from '../../../shared/store/eventStore.ts';
import type { GetOrderEventsRequest } from './request.ts';

interface Deps {
  readonly store: Pick<EventStore, 'read'>;
}

/** `GET /orders/{orderId}/events`: the audit trail, oldest first, straight from the store. */
export const createHandler =
  ({ store }: Deps) =>
  async ({ orderId, reach }: GetOrderEventsRequest): Promise<Answer> => {
    const events = orderId ? await Array.fromAsync(store.read(orderStream(orderId))) : [];
    const owner = events.reduce<OrderView | undefined>(projectOrder, undefined)?.customerId;
    if (owner === undefined || !isWithin(reach, owner))
      return { problem: toRejectionProblem({ code: 'order/not-found' }) };
    return reply(200, {
      orderId,
      events: events.map(({ id, type, revision, data, metadata }) => {
        const { occurredAt, correlationId, causationId, actor } = metadata;
        return { id, type, revision, data, occurredAt, correlationId, causationId, actor };
      }),
    });
  };
