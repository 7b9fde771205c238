import { randomUUID } from 'node:crypto';
import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { startLocalDynamo } from '../../tests/setup/localDynamo.ts';
import { createDynamoLease } from './dynamoLease.ts';
import { describeLease } from './lease.contract.ts';

let dynamo: Awaited<ReturnType<typeof startLocalDynamo>>;
beforeAll(async () => {
  dynamo = await startLocalDynamo();
});
beforeEach(async () => {
  await dynamo.client.send(new DeleteCommand({ TableName: 'test-relay', Key: { pk: 'relay' } }));
});
afterAll(() => dynamo.stop());

function makeRivals(table = 'test-relay') {
  let nowMs = 0;
  const clock = { now: () => new Date('2026-11-23T10:00:00.000Z'), elapsedMs: () => nowMs };
  return {
    newRelay: () => createDynamoLease(dynamo.client, { table, owner: randomUUID(), clock }),
    wait: (ms: number) => {
      nowMs += ms;
    },
  };
}

describeLease('DynamoDB', makeRivals);

test('a table that is not there is an outage', async () => {
  await expect(makeRivals('test-missing').newRelay().tryAcquire()).rejects.toMatchObject({ code: 'table/unavailable' });
});
