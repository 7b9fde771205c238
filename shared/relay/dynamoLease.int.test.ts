import { randomUUID } from 'node:crypto';
import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type LocalDynamo, startLocalDynamo } from '../../tests/setup/localDynamo.ts';
import { createDynamoLease, createDynamoRewind, readLease } from './dynamoLease.ts';
import { describeLease } from './lease.contract.ts';
import { toReport } from './report.ts';
import { createRelayStatus } from './status.ts';

let dynamo: LocalDynamo;
beforeAll(async () => {
  dynamo = await startLocalDynamo();
});
beforeEach(async () => {
  await dynamo.client.send(new DeleteCommand({ TableName: dynamo.tableName('relay'), Key: { pk: 'relay' } }));
});
afterAll(() => dynamo.stop());

function makeRivals(table = dynamo.tableName('relay')) {
  let nowMs = 0;
  const clock = { now: () => new Date('2026-11-23T10:00:00.000Z'), elapsedMs: () => nowMs };
  return {
    newRelay: (categories: readonly string[] = ['order']) =>
      createDynamoLease(dynamo.client, { table, owner: randomUUID(), categories, clock }),
    rewind: createDynamoRewind(dynamo.client, table),
    wait: (ms: number) => {
      nowMs += ms;
    },
  };
}

describeLease('DynamoDB', makeRivals);

test('from outside it looks as its holder left it', async () => {
  expect(await readLease(dynamo.client, dynamo.tableName('relay'))).toBeUndefined();
  const clock = { now: () => new Date('2026-11-23T10:00:00.000Z'), elapsedMs: () => 0 };
  const held = await makeRivals().newRelay().tryAcquire();
  const report = toReport({ ...createRelayStatus(), state: 'relaying', published: 3 }, clock);
  await held?.renew({ commit: 9_007_199_254_740_993n, prepare: 9n }, report);
  const view = await readLease(dynamo.client, dynamo.tableName('relay'));
  expect(view).toMatchObject({ fencing: 1, renewedAt: '2026-11-23T10:00:00.000Z', report });
  expect(view?.position).toEqual({ commit: 9_007_199_254_740_993n, prepare: 9n });
  expect(view?.owner).toMatch(/^[0-9a-f-]{36}$/);

  await held?.release(undefined, { ...report, state: 'failing' });
  const given = await readLease(dynamo.client, dynamo.tableName('relay'));
  expect(given).toMatchObject({ fencing: 1, report: { state: 'failing' } });
  expect(given?.owner).toBeUndefined();
});

test('a table that is not there is an outage', async () => {
  await expect(makeRivals(dynamo.tableName('missing')).newRelay().tryAcquire()).rejects.toMatchObject({
    code: 'table/unavailable',
    message: expect.stringMatching(/: create the tables, or correct TABLE_PREFIX$/),
  });
});
