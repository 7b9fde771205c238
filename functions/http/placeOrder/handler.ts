import { priceLines } from '../../../shared/domain/catalogue/index.ts';
import { orderStream } from '../../../shared/domain/orders/index.ts';
import { toRejectionProblem } from '../../../shared/http/rejections.ts';
import { reply } from '../../../shared/http/reply.ts';
import type { Answer, RequestContext } from '../../../shared/http/route.ts';
import type { Clock } from '../../../shared/kernel/clock.ts';
import { toCommandId, toOrderId } from '../../../shared/kernel/ids.ts';
import type { Products } from '../../../shared/readModels/products.ts';
import { orderAggregate } from '../../../shared/store/aggregates.ts';
import type { EventStore } from '../../../shared/store/eventStore.ts';
import { handleCommand } from '../../../shared/store/handleCommand.ts';
import type { PlaceOrderRequest } from './request.ts';

interface Deps {
  readonly products: Pick<Products, 'find'>;
  readonly store: Pick<EventStore, 'read' | 'append'>;
  readonly clock: Pick<Clock, 'now'>;
}

/** `POST /orders`: the order's id follows from customer and key, so the same request again finds the same order. */
export const createHandler =
  ({ products, store, clock }: Deps) =>
  async (request: PlaceOrderRequest, context: RequestContext): Promise<Answer> => {
    const { customerId, idempotencyKey, lines } = request;
    const pricing = priceLines(lines, await products.find(lines.map(({ sku }) => sku)));
    if (pricing.outcome === 'rejected') return { problem: toRejectionProblem(pricing.rejection) };

    const orderId = toOrderId(customerId, idempotencyKey);
    const result = await handleCommand(
      { store, clock },
      orderAggregate,
      orderStream(orderId),
      { type: 'CreateOrder', orderId, customerId, ...pricing.order },
      { id: toCommandId('placeOrder', orderId), actor: 'placeOrder', ...context },
    );
    if (result.outcome === 'rejected') return { problem: toRejectionProblem(result.rejection) };
    // Always the revision of its creation: the same request again gets the same answer, whatever has become of the order.
    return reply(202, { orderId, revision: 0 }, { location: `/orders/${orderId}` });
  };
