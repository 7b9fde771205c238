import { reply } from '../../../shared/http/reply.ts';
import type { Answer } from '../../../shared/http/route.ts';
import type { ReadStockList } from '../../../shared/readModels/stockList.ts';

/** `GET /stock`: every SKU's stock, by SKU. */
export const createHandler =
  ({ readStocks }: { readonly readStocks: ReadStockList }) =>
  async (): Promise<Answer> => {
    const stocks = await readStocks();
    return reply(200, { stocks: stocks.map(({ view, revision }) => ({ ...view, revision })) });
  };
