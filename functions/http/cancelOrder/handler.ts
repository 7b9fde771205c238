import { orderStream } from '../../../shared/domain/orders/index.ts';
import { toRejectionProblem } from '../../../shared/http/rejections.ts';
import { reply } from '../../../shared/http/reply.ts';
import type { Answer, RequestContext } from '../../../shared/http/route.ts';
import type { Clock } from '../../../shared/kernel/clock.ts';
import { toCommandId } from '../../../shared/kernel/ids.ts';
import { orderAggregate } from '../../../shared/store/aggregates.ts';
import type { EventStore } from '../../../shared/store/eventStore.ts';
import { handleCommand } from '../../../shared/store/handleCommand.ts';
import type { CancelOrderRequest } from './request.ts';

interface Deps {
  readonly store: Pick<EventStore, 'read' | 'append'>;
  readonly clock: Pick<Clock, 'now'>;
}

/** `POST /orders/{orderId}/cancel`: accepted until shipping has the order, and again when it was cancelled before. */
export const createHandler =
  ({ store, clock }: Deps) =>
  async ({ orderId }: CancelOrderRequest, context: RequestContext): Promise<Answer> => {
    if (!orderId) return { problem: toRejectionProblem({ code: 'order/not-found' }) };
    const result = await handleCommand(
      { store, clock },
      orderAggregate,
      orderStream(orderId),
      { type: 'CancelOrder' },
      { id: toCommandId('cancelOrder', orderId), actor: 'cancelOrder', ...context },
    );
    if (result.outcome === 'rejected') return { problem: toRejectionProblem(result.rejection) };
    return reply(202, { orderId, revision: result.revision }, { location: `/orders/${orderId}` });
  };
