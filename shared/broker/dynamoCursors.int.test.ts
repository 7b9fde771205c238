import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startLocalDynamo } from '../../tests/setup/localDynamo.ts';
import { describeCursors } from './cursors.contract.ts';
import type { Cursors } from './cursors.ts';
import { createDynamoCursors } from './dynamoCursors.ts';

let dynamo: Awaited<ReturnType<typeof startLocalDynamo>>;
let cursors: Cursors<{ readonly total: number }>;

beforeAll(async () => {
  dynamo = await startLocalDynamo();
  cursors = createDynamoCursors(dynamo.client, 'test-order-view');
});
afterAll(() => dynamo.stop());

describeCursors('DynamoDB', () => cursors);

test('a table that is not there is an outage, not an empty one', async () => {
  const missing = createDynamoCursors(dynamo.client, 'test-missing');
  const outage = { code: 'table/unavailable', isOutage: true };
  await expect(missing.load(['order-1'])).rejects.toMatchObject(outage);
  await expect(missing.advance('order-1', { from: -1n, to: 0n, seenHead: -1n })).rejects.toMatchObject(outage);
});
