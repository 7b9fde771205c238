import { randomBytes } from 'node:crypto';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { toTableFault } from '../config/dynamoFault.ts';
import { type CustomerKeys, newCustomerKey } from './customerKeys.ts';
import type { KeyWrapper } from './keyWrapper.ts';

interface Options {
  readonly table: string;
  readonly wrapper: KeyWrapper;
}

/**
 * Keys in a DynamoDB table with the string key `pk`: a row for each customer, with the key wrapped; a destroyed one leaves a
 * row that says so and nothing else.
 */
export function createDynamoCustomerKeys(client: DynamoDBDocumentClient, { table, wrapper }: Options): CustomerKeys {
  // Never which customer: their id may be a mail address.
  const asking = <Answer>(what: string, work: Promise<Answer>): Promise<Answer> =>
    work.catch((error: unknown) => {
      if (error instanceof ConditionalCheckFailedException) throw error;
      throw toTableFault(error, `${what} a key in ${table}`);
    });
  /** False when the condition does not hold. */
  const putting = async (what: string, work: Promise<unknown>): Promise<boolean> => {
    try {
      await asking(what, work);
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw error;
    }
  };

  return {
    async find(customerId) {
      const command = new GetCommand({ TableName: table, Key: { pk: customerId }, ConsistentRead: true });
      const { Item: row } = await asking('read', client.send(command));
      if (row?.['wrappedKey'] === undefined) return undefined;
      const id = String(row['keyId']);
      return { id, secret: await wrapper.unwrap(id, String(row['wrappedKey'])) };
    },

    async create(customerId) {
      const key = newCustomerKey(randomBytes);
      const command = new PutCommand({
        TableName: table,
        Item: { pk: customerId, keyId: key.id, wrappedKey: await wrapper.wrap(key.id, key.secret) },
        ConditionExpression: 'attribute_not_exists(wrappedKey)',
      });
      return (await putting('make', client.send(command))) ? key : undefined;
    },

    async destroy(customerId) {
      const command = new PutCommand({
        TableName: table,
        Item: { pk: customerId, isErased: true },
        ConditionExpression: 'attribute_exists(wrappedKey)',
      });
      await putting('destroy', client.send(command));
    },
  };
}
