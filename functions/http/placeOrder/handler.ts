import { type PricingRejection, priceLines } from '../../../shared/domain/catalogue/index.ts';
import {
  type Order,
  type OrderCommand,
  type OrderEvent,
  type OrderRejection,
  orderDecider,
  orderStream,
} from '../../../shared/domain/orders/index.ts';
import { toCommandAnswer } from '../../../shared/http/commandAnswer.ts';
import { reply } from '../../../shared/http/reply.ts';
import type { Answer, RequestContext } from '../../../shared/http/route.ts';
import type { Clock } from '../../../shared/kernel/clock.ts';
import type { Decision } from '../../../shared/kernel/decision.ts';
import { erased } from '../../../shared/kernel/erased.ts';
import { toCommandId, toOrderId } from '../../../shared/kernel/ids.ts';
import type { PersonalData } from '../../../shared/personal/personalData.ts';
import type { Products } from '../../../shared/readModels/products.ts';
import { orderAggregate } from '../../../shared/store/aggregates.ts';
import type { EventStore } from '../../../shared/store/eventStore.ts';
import { decideAndAppend } from '../../../shared/store/handleCommand.ts';
import type { PlaceOrderRequest } from './request.ts';

interface Deps {
  readonly products: Pick<Products, 'find'>;
  readonly store: Pick<EventStore, 'read' | 'append'>;
  readonly personal: Pick<PersonalData, 'seal' | 'open'>;
  readonly clock: Pick<Clock, 'now' | 'sleep'>;
}

type Rejection = OrderRejection | PricingRejection;

/** `POST /orders`: the order's id follows from customer and key, so the same request again finds the same order. */
export const createHandler =
  ({ products, store, personal, clock }: Deps) =>
  async (request: PlaceOrderRequest, context: RequestContext): Promise<Answer> => {
    const { customerId, idempotencyKey, lines } = request;
    const orderId = toOrderId(customerId, idempotencyKey);
    const recipient = await personal.seal(customerId, request.recipient);

    /** Of an order whose recipient was erased nobody can tell any more that a repeat had another. */
    const recipientOfRepeat = async (order: { readonly recipient: string }) =>
      order.recipient === recipient || (await personal.open(customerId, order.recipient)) !== erased
        ? { recipient }
        : { recipient: order.recipient };

    /** An order that is there keeps its prices: a repeat is not priced again, and can't fail for what prices have become. */
    const decide = async ({ state }: { readonly state: Order }): Promise<Decision<OrderEvent, Rejection>> => {
      const command = { type: 'CreateOrder', orderId, customerId, recipient } as const;
      if (state.status !== 'none') {
        const unpriced = lines.map((line) => ({ ...line, name: '', unitPriceMinor: 0 }));
        const repeated = { ...command, ...(await recipientOfRepeat(state)) };
        return orderDecider.decide({ ...repeated, lines: unpriced, totalMinor: 0, currency: '' }, state);
      }
      const pricing = priceLines(lines, await products.find(lines.map(({ sku }) => sku)));
      return pricing.outcome === 'priced' ? orderDecider.decide({ ...command, ...pricing.order }, state) : pricing;
    };
    // Sealed: an id that followed from the recipient itself would let anybody try whose it is.
    const content = lines.flatMap(({ sku, quantity }) => [sku, String(quantity)]);
    const stream = orderStream(orderId);
    const cause = { id: toCommandId('placeOrder', orderId, recipient, ...content), actor: 'placeOrder', ...context };
    const result = await decideAndAppend<Order, OrderCommand, OrderEvent, Rejection>(
      { store, clock },
      orderAggregate,
      stream,
      decide,
      cause,
    );
    // Always the revision of its creation: the same request again gets the same answer, whatever has become of the order.
    return toCommandAnswer(stream, cause, result, () =>
      reply(202, { orderId, revision: 0 }, { location: `/orders/${orderId}` }),
    );
  };
