import { type DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import { toTableFault } from '../config/dynamoFault.ts';
import type { ViewRow } from './readView.ts';
import type { ReadStockList } from './stockList.ts';
import type { StockView } from './stockView.ts';

/** Stocks in the view's table; a row without a view is a stream of which nothing could be read yet. */
export function createDynamoStockList(client: DynamoDBDocumentClient, table: string): ReadStockList {
  return async () => {
    const stocks: ViewRow<StockView>[] = [];
    try {
      for await (const { Items = [] } of paginateScan({ client }, { TableName: table })) {
        for (const { view, revision } of Items) {
          if (view !== undefined) stocks.push({ view: view as StockView, revision: BigInt(revision) });
        }
      }
    } catch (error) {
      throw toTableFault(error, `read ${table}`);
    }
    return stocks.toSorted((a, b) => (a.view.sku < b.view.sku ? -1 : 1));
  };
}
