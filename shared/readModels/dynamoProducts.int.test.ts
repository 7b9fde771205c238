import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type LocalDynamo, startLocalDynamo } from '../../tests/setup/localDynamo.ts';
import { createDynamoProducts } from './dynamoProducts.ts';

let dynamo: LocalDynamo;
beforeAll(async () => {
  dynamo = await startLocalDynamo();
});
afterAll(() => dynamo.stop());

test('finds and lists what was put, at its newest price', async () => {
  const products = createDynamoProducts(dynamo.client, dynamo.tableName('products'));
  const mug = { sku: 'mug', name: 'Mug', priceMinor: 1250, currency: 'EUR' };
  const cup = { sku: 'cup', name: 'Cup', priceMinor: 900, currency: 'EUR' };
  await products.put({ ...mug, priceMinor: 1 });
  await products.put(mug);
  await products.put(cup);
  expect(await products.list()).toEqual([cup, mug]);
  expect(await products.find(['mug', 'mug', 'none'])).toEqual(new Map([['mug', mug]]));
});

test('a table that is not there is an outage', async () => {
  const missing = createDynamoProducts(dynamo.client, dynamo.tableName('missing'));
  await expect(missing.list()).rejects.toMatchObject({
    code: 'table/unavailable',
    message: expect.stringMatching(/: create the tables, or correct TABLE_PREFIX$/),
  });
});
