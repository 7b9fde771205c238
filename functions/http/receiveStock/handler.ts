import { stockStream } from '../../../shared/domain/inventory/index.ts';
import { toRejectionProblem } from '../../../shared/http/rejections.ts';
import { reply } from '../../../shared/http/reply.ts';
import type { Answer, RequestContext } from '../../../shared/http/route.ts';
import type { Clock } from '../../../shared/kernel/clock.ts';
import { newId, toCommandId } from '../../../shared/kernel/ids.ts';
import { stockAggregate } from '../../../shared/store/aggregates.ts';
import type { EventStore } from '../../../shared/store/eventStore.ts';
import { handleCommand } from '../../../shared/store/handleCommand.ts';
import type { ReceiveStockRequest } from './request.ts';

interface Deps {
  readonly store: Pick<EventStore, 'read' | 'append'>;
  readonly clock: Pick<Clock, 'now'>;
}

/** `POST /stock/{sku}/receipts`: a delivery, counted once per Idempotency-Key where there is one. */
export const createHandler =
  ({ store, clock }: Deps) =>
  async ({ sku, quantity, idempotencyKey }: ReceiveStockRequest, context: RequestContext): Promise<Answer> => {
    const receiptId = idempotencyKey === undefined ? newId() : toCommandId('receipt', sku, idempotencyKey);
    const result = await handleCommand(
      { store, clock },
      stockAggregate,
      stockStream(sku),
      { type: 'ReceiveStock', sku, receiptId, quantity },
      { id: toCommandId('receiveStock', receiptId, String(quantity)), actor: 'receiveStock', ...context },
    );
    if (result.outcome === 'rejected') return { problem: toRejectionProblem(result.rejection) };
    return reply(202, { sku, receiptId, revision: result.revision }, { location: `/stock/${sku}` });
  };
