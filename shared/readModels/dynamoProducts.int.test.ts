import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startLocalDynamo } from '../../tests/setup/localDynamo.ts';
import { createDynamoProducts } from './dynamoProducts.ts';

let dynamo: Awaited<ReturnType<typeof startLocalDynamo>>;
beforeAll(async () => {
  dynamo = await startLocalDynamo();
});
afterAll(() => dynamo.stop());

test('finds and lists what was put, at its newest price', async () => {
  const products = createDynamoProducts(dynamo.client, 'test-products');
  const mug = { sku: 'mug', name: 'Mug', priceMinor: 1250, currency: 'EUR' };
  const cup = { sku: 'cup', name: 'Cup', priceMinor: 900, currency: 'EUR' };
  await products.put({ ...mug, priceMinor: 1 });
  await products.put(mug);
  await products.put(cup);
  expect(await products.list()).toEqual([cup, mug]);
  expect(await products.find(['mug', 'mug', 'none'])).toEqual(new Map([['mug', mug]]));
});

test('a table that is not there is an outage', async () => {
  const missing = createDynamoProducts(dynamo.client, 'test-missing');
  await expect(missing.list()).rejects.toMatchObject({ code: 'table/unavailable' });
});
