import { DynamoDBClient, ListTablesCommand, PutItemCommand, ScanCommand } from '@aws-sdk/client-dynamodb';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { RunningServer } from '../program.ts';
import { createTables } from './createTables.ts';
import { startDynamo } from './startDynamo.ts';

process.env['AWS_REGION'] = 'eu-central-1';
process.env['AWS_ACCESS_KEY_ID'] = 'local';
process.env['AWS_SECRET_ACCESS_KEY'] = 'local';

let dynamo: RunningServer;
let client: DynamoDBClient;
beforeEach(async () => {
  dynamo = await startDynamo();
  client = new DynamoDBClient({ endpoint: dynamo.url });
});
afterEach(async () => {
  client.destroy();
  await dynamo.stop();
});

test('creates every table of infra/aws/tables.yml under the prefix', async () => {
  await createTables(dynamo.url, 'here');

  const { TableNames } = await client.send(new ListTablesCommand({}));
  expect(TableNames).toEqual(
    [
      'here-products',
      'here-order-view',
      'here-stock-view',
      'here-cursors-order-processing',
      'here-cursors-inventory',
      'here-cursors-payments',
      'here-cursors-payment-deadlines',
      'here-cursors-notifications',
      'here-mails',
      'here-snapshots',
      'here-cursors-orders',
      'here-cursors-shipping',
      'here-customer-keys',
      'here-relay',
    ].sort(),
  );
});

test('leaves tables that are there as they are', async () => {
  await createTables(dynamo.url, 'here');
  await client.send(new PutItemCommand({ TableName: 'here-products', Item: { pk: { S: 'mug' } } }));

  await createTables(dynamo.url, 'here');

  expect(await client.send(new ScanCommand({ TableName: 'here-products' }))).toMatchObject({ Count: 1 });
});

test('fails where nothing listens', async () => {
  const { url } = dynamo;
  await dynamo.stop();

  await expect(createTables(url, 'here')).rejects.toThrow();
});
