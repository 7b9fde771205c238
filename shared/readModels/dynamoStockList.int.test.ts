import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type LocalDynamo, startLocalDynamo } from '../../tests/setup/localDynamo.ts';
import { createDynamoCursors } from '../broker/dynamoCursors.ts';
import { createDynamoStockList } from './dynamoStockList.ts';
import type { StockView } from './stockView.ts';

let dynamo: LocalDynamo;
beforeAll(async () => {
  dynamo = await startLocalDynamo();
});
afterAll(() => dynamo.stop());

test('lists every stock by SKU with its revision, and none of which nothing is known yet', async () => {
  const cursors = createDynamoCursors<StockView>(dynamo.client, dynamo.tableName('stock-view'));
  const views = ['pen', 'cup', 'mug'].map((sku) => ({ sku, onHand: 3, reserved: 1, available: 2 }));
  for (const view of views) await cursors.advance(`stock-${view.sku}`, undefined, { to: 1n, view });
  await cursors.advance('stock-odd', undefined, { to: 0n });

  const stocks = await createDynamoStockList(dynamo.client, dynamo.tableName('stock-view'))();
  expect(stocks.map(({ view, revision }) => [view.sku, revision])).toEqual([
    ['cup', 1n],
    ['mug', 1n],
    ['pen', 1n],
  ]);
  expect(stocks[0]?.view).toEqual(views[1]);
});

test('a table that is not there is an outage', async () => {
  const missing = createDynamoStockList(dynamo.client, dynamo.tableName('missing'));
  await expect(missing()).rejects.toMatchObject({
    code: 'table/unavailable',
    message: expect.stringMatching(/: create the tables, or correct TABLE_PREFIX$/),
  });
});
