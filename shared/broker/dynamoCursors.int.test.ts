import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type LocalDynamo, startLocalDynamo } from '../../tests/setup/localDynamo.ts';
import { describeCursors, type TotalView } from './cursors.contract.ts';
import type { Cursors, StreamRemedies, UnsettledStreams } from './cursors.ts';
import { createDynamoCursors } from './dynamoCursors.ts';
import { createDynamoRemedies, createDynamoUnsettled } from './dynamoUnsettled.ts';
import { describeUnsettled } from './unsettled.contract.ts';

let dynamo: LocalDynamo;
let table: Cursors<TotalView> & UnsettledStreams & StreamRemedies;

beforeAll(async () => {
  dynamo = await startLocalDynamo();
  const name = dynamo.tableName('order-view');
  table = {
    ...createDynamoUnsettled(dynamo.client, name),
    ...createDynamoRemedies(dynamo.client, name),
    ...createDynamoCursors(dynamo.client, name),
  };
});
afterAll(() => dynamo.stop());

describeCursors('DynamoDB', () => table);
describeUnsettled('DynamoDB', () => table);

test('a table that is not there is an outage, not an empty one', async () => {
  const missing = createDynamoCursors(dynamo.client, dynamo.tableName('missing'));
  const message = expect.stringMatching(/: create the tables, or correct TABLE_PREFIX$/);
  const outage = { code: 'table/unavailable', isOutage: true, message };
  await expect(missing.load(['order-1'])).rejects.toMatchObject(outage);
  await expect(missing.advance('order-1', undefined, { to: 0n })).rejects.toMatchObject(outage);
  await expect(createDynamoUnsettled(dynamo.client, dynamo.tableName('missing')).readBlocked(1)).rejects.toMatchObject(
    outage,
  );
});
