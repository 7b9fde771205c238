import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type LocalDynamo, startLocalDynamo } from '../../tests/setup/localDynamo.ts';
import { recipient } from '../testing/personal.ts';
import { createDynamoCustomerKeys } from './dynamoCustomerKeys.ts';
import type { KeyWrapper } from './keyWrapper.ts';
import { createMasterKeyWrapper } from './masterKeyWrapper.ts';
import { personalDataContract } from './personalData.contract.ts';
import { createPersonalData } from './personalData.ts';

let dynamo: LocalDynamo;
beforeAll(async () => {
  dynamo = await startLocalDynamo();
});
afterAll(() => dynamo.stop());

const wrapper = createMasterKeyWrapper(Buffer.alloc(32, 7).toString('base64url'));
const table = (): string => dynamo.tableName('customer-keys');
const create = (wrappedBy: KeyWrapper = wrapper, name = table()) =>
  createDynamoCustomerKeys(dynamo.client, { table: name, wrapper: wrappedBy });
const rowOf = async (customerId: string) =>
  (await dynamo.client.send(new GetCommand({ TableName: table(), Key: { pk: customerId } }))).Item;

personalDataContract('DynamoDB', () => create());

test('the row of a key holds it wrapped; the row of a destroyed one holds nothing of it', async () => {
  const personal = createPersonalData(create());
  const sealed = await personal.seal('row', recipient);
  const row = await rowOf('row');
  expect(row).toEqual({ pk: 'row', keyId: sealed.split('.')[1], wrappedKey: expect.any(String) });
  const secret = await wrapper.unwrap(row?.['keyId'], row?.['wrappedKey']);
  expect(Buffer.from(secret).toString('base64url')).not.toContain(row?.['wrappedKey']);
  expect(secret).toHaveLength(32);
  await personal.erase('row');
  expect(await rowOf('row')).toEqual({ pk: 'row', isErased: true });
});

test('a row that was moved to another customer opens nothing of theirs', async () => {
  const mine = createPersonalData(create());
  const sealed = await mine.seal('mine', recipient);
  const stolen = createPersonalData({ ...create(), find: () => create().find('mine') });
  await expect(stolen.open('thief', sealed)).rejects.toMatchObject({ code: 'personal/unreadable' });
});

test('under another master key nothing opens, and nothing passes for erased', async () => {
  const sealed = await createPersonalData(create()).seal('other-master', recipient);
  const other = createMasterKeyWrapper(Buffer.alloc(32, 8).toString('base64url'));
  await expect(createPersonalData(create(other)).open('other-master', sealed)).rejects.toMatchObject({
    code: 'keys/unavailable',
    isOutage: true,
  });
});

test('a table that is not there is an outage', async () => {
  const missing = createPersonalData(create(wrapper, dynamo.tableName('missing')));
  for (const work of [() => missing.seal('c-1', recipient), () => missing.erase('c-1')])
    await expect(work()).rejects.toMatchObject({
      code: 'table/unavailable',
      isOutage: true,
      message: expect.stringMatching(/: create the tables, or correct TABLE_PREFIX$/),
    });
});
