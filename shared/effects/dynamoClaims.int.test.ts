import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type LocalDynamo, startLocalDynamo } from '../../tests/setup/localDynamo.ts';
import { claimsContract } from './claims.contract.ts';
import { createDynamoClaims } from './dynamoClaims.ts';

let dynamo: LocalDynamo;
beforeAll(async () => {
  dynamo = await startLocalDynamo();
});
afterAll(() => dynamo.stop());

claimsContract('DynamoDB', (clock) => createDynamoClaims(dynamo.client, { table: dynamo.tableName('mails'), clock }));

test('a table that is not there is an outage, not a claim', async () => {
  const clock = { now: () => new Date('2026-11-23T10:00:00.000Z') };
  const missing = createDynamoClaims(dynamo.client, { table: dynamo.tableName('missing'), clock });
  await expect(missing.claim('event-1', 1_000)).rejects.toMatchObject({
    code: 'table/unavailable',
    isOutage: true,
    message: expect.stringMatching(/: create the tables, or correct TABLE_PREFIX$/),
  });
});
