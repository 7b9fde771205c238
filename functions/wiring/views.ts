import { createDynamoOrderList } from '../../shared/readModels/dynamoOrderList.ts';
import { createDynamoStockList } from '../../shared/readModels/dynamoStockList.ts';
import { createDynamoViewTable } from '../../shared/readModels/dynamoViewTable.ts';
import type { OrderView } from '../../shared/readModels/orderView.ts';
import type { StockView } from '../../shared/readModels/stockView.ts';
import { dynamo, tableName } from './tables.ts';

export const orderTable = createDynamoViewTable<OrderView>(dynamo, tableName('order-view'));
export const orderList = createDynamoOrderList(dynamo, tableName('order-view'));
export const stockTable = createDynamoViewTable<StockView>(dynamo, tableName('stock-view'));
export const stockList = createDynamoStockList(dynamo, tableName('stock-view'));
