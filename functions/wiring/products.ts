import { createDynamoProducts } from '../../shared/readModels/dynamoProducts.ts';
import { dynamo, tableName } from './tables.ts';

export const products = createDynamoProducts(dynamo, tableName('products'));
