import { orderStream } from '../../../shared/domain/orders/index.ts';
import { isWithin } from '../../../shared/http/caller.ts';
import { toRejectionProblem } from '../../../shared/http/rejections.ts';
import { reply } from '../../../shared/http/reply.ts';
import type { Answer } from '../../../shared/http/route.ts';
import type { PersonalData } from '../../../shared/personal/personalData.ts';
import { type OrderView, projectOrder } from '../../../shared/readModels/orderView.ts';
import type { EventStore, StoredEvent } from '../../../shared/store/eventStore.ts';
import type { GetOrderEventsRequest } from './request.ts';

interface Deps {
  readonly store: Pick<EventStore, 'read'>;
  readonly personal: Pick<PersonalData, 'open'>;
}

/** As it was said, where it can still be read. */
async function withRecipient(personal: Deps['personal'], { type, data }: StoredEvent): Promise<unknown> {
  const { customerId, recipient } = data as Readonly<Record<string, unknown>>;
  if (type !== 'OrderCreated' || typeof customerId !== 'string' || typeof recipient !== 'string') return data;
  return { ...(data as object), recipient: await personal.open(customerId, recipient) };
}

/** `GET /orders/{orderId}/events`: the audit trail, oldest first, straight from the store. */
export const createHandler =
  ({ store, personal }: Deps) =>
  async ({ orderId, reach }: GetOrderEventsRequest): Promise<Answer> => {
    const events = orderId ? await Array.fromAsync(store.read(orderStream(orderId))) : [];
    const owner = events.reduce<OrderView | undefined>(projectOrder, undefined)?.customerId;
    if (owner === undefined || !isWithin(reach, owner))
      return { problem: toRejectionProblem({ code: 'order/not-found' }) };
    const shown = events.map(async (event) => {
      const { id, type, revision, metadata } = event;
      const { occurredAt, correlationId, causationId, actor } = metadata;
      const data = await withRecipient(personal, event);
      return { id, type, revision, data, occurredAt, correlationId, causationId, actor };
    });
    return reply(200, { orderId, events: await Promise.all(shown) });
  };
