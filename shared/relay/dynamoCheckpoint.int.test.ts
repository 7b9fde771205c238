import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startLocalDynamo } from '../../tests/setup/localDynamo.ts';
import { createDynamoCheckpoint } from './dynamoCheckpoint.ts';

let dynamo: Awaited<ReturnType<typeof startLocalDynamo>>;
beforeAll(async () => {
  dynamo = await startLocalDynamo();
});
afterAll(() => dynamo.stop());

const at = (commit: bigint) => ({ commit, prepare: commit });

test('is nothing before the first, then where it was saved, and never goes back', async () => {
  const checkpoint = createDynamoCheckpoint(dynamo.client, 'test-relay');
  expect(await checkpoint.load()).toBeUndefined();
  await checkpoint.save(at(9_007_199_254_740_993n));
  await checkpoint.save(at(5n));
  expect(await checkpoint.load()).toEqual(at(9_007_199_254_740_993n));
});

test('a table that is not there is an outage', async () => {
  const missing = createDynamoCheckpoint(dynamo.client, 'test-missing');
  await expect(missing.load()).rejects.toMatchObject({ code: 'table/unavailable' });
  await expect(missing.save(at(1n))).rejects.toMatchObject({ code: 'table/unavailable' });
});
