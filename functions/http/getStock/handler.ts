import { stockStream } from '../../../shared/domain/inventory/index.ts';
import { toRejectionProblem } from '../../../shared/http/rejections.ts';
import { reply } from '../../../shared/http/reply.ts';
import type { Answer } from '../../../shared/http/route.ts';
import { readView, type ViewTable } from '../../../shared/readModels/readView.ts';
import { projectStock, type StockView } from '../../../shared/readModels/stockView.ts';
import type { EventStore } from '../../../shared/store/eventStore.ts';
import type { GetStockRequest } from './request.ts';

interface Deps {
  readonly table: ViewTable<StockView>;
  readonly store: Pick<EventStore, 'read'>;
}

/** `GET /stock/{sku}[?minRevision=N]`: as the view has it, and never older than that. */
export const createHandler =
  (deps: Deps) =>
  async ({ sku, minRevision }: GetStockRequest): Promise<Answer> => {
    const found = await readView(deps, projectStock, stockStream(sku), minRevision);
    if (found.outcome === 'none') return { problem: toRejectionProblem({ code: 'stock/not-found' }) };
    const { revision } = found;
    if (found.outcome === 'behind') {
      return { problem: toRejectionProblem({ code: 'stock/revision-not-reached', revision }) };
    }
    return reply(200, { ...found.view, revision });
  };
