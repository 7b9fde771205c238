import { orderStream } from '../../../shared/domain/orders/index.ts';
import { isWithin } from '../../../shared/http/caller.ts';
import { toETag } from '../../../shared/http/preconditions.ts';
import { toRejectionProblem } from '../../../shared/http/rejections.ts';
import { reply } from '../../../shared/http/reply.ts';
import type { Answer } from '../../../shared/http/route.ts';
import { erased } from '../../../shared/kernel/erased.ts';
import type { PersonalData } from '../../../shared/personal/personalData.ts';
import { type OrderView, projectOrder } from '../../../shared/readModels/orderView.ts';
import { readView, type ViewTable } from '../../../shared/readModels/readView.ts';
import type { EventStore } from '../../../shared/store/eventStore.ts';
import type { GetOrderRequest } from './request.ts';

interface Deps {
  readonly table: ViewTable<OrderView>;
  readonly store: Pick<EventStore, 'read'>;
  readonly personal: Pick<PersonalData, 'open'>;
}

/** `GET /orders/{orderId}[?minRevision=N]`: as the view has it, and never older than that. */
export const createHandler =
  (deps: Deps) =>
  async ({ orderId, reach, minRevision }: GetOrderRequest): Promise<Answer> => {
    const found = orderId && (await readView(deps, projectOrder, orderStream(orderId), minRevision));
    if (!found || found.outcome === 'none' || !isWithin(reach, found.view.customerId)) {
      return { problem: toRejectionProblem({ code: 'order/not-found' }) };
    }
    const { revision } = found;
    if (found.outcome === 'behind') {
      return { problem: toRejectionProblem({ code: 'order/revision-not-reached', revision }) };
    }
    const { view } = found;
    const recipient = await deps.personal.open(view.customerId, view.recipient ?? erased);
    return reply(200, { ...view, recipient, revision }, { etag: toETag(revision) });
  };
