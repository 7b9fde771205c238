import {
  type Order,
  type OrderCommand,
  type OrderEvent,
  type OrderRejection,
  orderDecider,
  orderStream,
} from '../../../shared/domain/orders/index.ts';
import { isWithin } from '../../../shared/http/caller.ts';
import { toCommandAnswer } from '../../../shared/http/commandAnswer.ts';
import { toRejectionProblem } from '../../../shared/http/rejections.ts';
import { reply } from '../../../shared/http/reply.ts';
import type { Answer, RequestContext } from '../../../shared/http/route.ts';
import type { Clock } from '../../../shared/kernel/clock.ts';
import { type Decision, rejected } from '../../../shared/kernel/decision.ts';
import { toCommandId } from '../../../shared/kernel/ids.ts';
import { orderAggregate } from '../../../shared/store/aggregates.ts';
import type { EventStore } from '../../../shared/store/eventStore.ts';
import { decideAndAppend } from '../../../shared/store/handleCommand.ts';
import type { Loaded } from '../../../shared/store/stateCache.ts';
import type { CancelOrderRequest } from './request.ts';

interface Deps {
  readonly store: Pick<EventStore, 'read' | 'append'>;
  readonly clock: Pick<Clock, 'now' | 'sleep'>;
}

type Rejection = OrderRejection | { readonly code: 'order/changed'; readonly revision: bigint };

/**
 * `POST /orders/{orderId}/cancel`: accepted until shipping has the order, and again when it was cancelled before: sent
 * twice with the same `If-Match`, the second finds the revision that the first has made.
 */
export const createHandler =
  ({ store, clock }: Deps) =>
  async ({ orderId, reach, ifMatch }: CancelOrderRequest, context: RequestContext): Promise<Answer> => {
    if (!orderId) return { problem: toRejectionProblem({ code: 'order/not-found' }) };
    const decide = async ({ state, revision }: Loaded<Order>): Promise<Decision<OrderEvent, Rejection>> => {
      if (state.status !== 'none' && !isWithin(reach, state.customerId)) return rejected({ code: 'order/not-found' });
      const isOpen = state.status !== 'none' && state.status !== 'cancelled';
      if (isOpen && ifMatch && !ifMatch.takes(revision)) return rejected({ code: 'order/changed', revision });
      return orderDecider.decide({ type: 'CancelOrder' }, state);
    };
    const stream = orderStream(orderId);
    const cause = { id: toCommandId('cancelOrder', orderId), actor: 'cancelOrder', ...context };
    const result = await decideAndAppend<Order, OrderCommand, OrderEvent, Rejection>(
      { store, clock },
      orderAggregate,
      stream,
      decide,
      cause,
    );
    return toCommandAnswer(stream, cause, result, (revision) =>
      reply(202, { orderId, revision }, { location: `/orders/${orderId}` }),
    );
  };
