import { stockStream } from '../../../shared/domain/inventory/index.ts';
import { toCommandAnswer } from '../../../shared/http/commandAnswer.ts';
import { reply } from '../../../shared/http/reply.ts';
import type { Answer, RequestContext } from '../../../shared/http/route.ts';
import type { Clock } from '../../../shared/kernel/clock.ts';
import { newId, toCommandId } from '../../../shared/kernel/ids.ts';
import { createTurns } from '../../../shared/kernel/turns.ts';
import type { Logger } from '../../../shared/observe/logger.ts';
import { receiptAggregate } from '../../../shared/store/aggregates.ts';
import type { EventStore } from '../../../shared/store/eventStore.ts';
import { handleCommand } from '../../../shared/store/handleCommand.ts';
import { createSnapshotCache } from '../../../shared/store/snapshotCache.ts';
import type { Snapshots } from '../../../shared/store/snapshots.ts';
import type { ReceiveStockRequest } from './request.ts';

interface Deps {
  readonly store: Pick<EventStore, 'read' | 'append'>;
  readonly clock: Pick<Clock, 'now' | 'sleep'>;
  readonly snapshots: Snapshots;
  readonly logger: Pick<Logger, 'warn'>;
}

/** `POST /stock/{sku}/receipts`: a delivery, counted once per caller and Idempotency-Key where there is one. */
export function createHandler({ store, clock, snapshots, logger }: Deps) {
  const inTurn = createTurns();
  const cache = createSnapshotCache({ store, snapshots, logger }, 'receipts', receiptAggregate);
  return async (request: ReceiveStockRequest, context: RequestContext): Promise<Answer> => {
    const { callerId, sku, quantity, idempotencyKey } = request;
    const stream = stockStream(sku);
    const receiptId = idempotencyKey === undefined ? newId() : toCommandId('receipt', callerId, sku, idempotencyKey);
    const command = { type: 'ReceiveStock', sku, receiptId, quantity } as const;
    const cause = { id: toCommandId('receiveStock', receiptId, String(quantity)), actor: 'receiveStock', ...context };
    await cache.warm(stream);
    const result = await inTurn(sku, () =>
      handleCommand({ store, clock, cache }, receiptAggregate, stream, command, cause),
    );
    await cache.keep(stream);
    return toCommandAnswer(stream, cause, result, (revision) =>
      reply(202, { sku, receiptId, revision }, { location: `/stock/${sku}` }),
    );
  };
}
