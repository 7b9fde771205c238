import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type LocalDynamo, startLocalDynamo } from '../../tests/setup/localDynamo.ts';
import type { EventId } from '../kernel/ids.ts';
import { createDynamoSnapshots } from './dynamoSnapshots.ts';
import { snapshotsContract } from './snapshots.contract.ts';

let dynamo: LocalDynamo;
const makeSnapshots = () => createDynamoSnapshots(dynamo.client, dynamo.tableName('snapshots'));
beforeAll(async () => {
  dynamo = await startLocalDynamo();
});
afterAll(() => dynamo.stop());

snapshotsContract('DynamoDB', makeSnapshots);

test('one that is too large for a row is not kept, and the older one stays', async () => {
  const snapshots = makeSnapshots();
  const kept = { revision: 1n, eventId: 'event-1' as EventId, version: 1, state: 'small' };
  await snapshots.save('stock-large', 'stock', kept);
  await snapshots.save('stock-large', 'stock', {
    ...kept,
    revision: 2n,
    state: randomBytes(600_000).toString('base64'),
  });
  expect(await snapshots.load('stock-large', 'stock')).toEqual(kept);
});

test('a table that is not there is an outage', async () => {
  const missing = createDynamoSnapshots(dynamo.client, dynamo.tableName('missing'));
  await expect(missing.load('stock-a', 'stock')).rejects.toMatchObject({
    code: 'table/unavailable',
    isOutage: true,
    message: expect.stringMatching(/: create the tables, or correct TABLE_PREFIX$/),
  });
});
