import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { toClientConfig } from '../dynamo/clientConfig.ts';
import { hasEvents } from './hasEvents.ts';

/**
 * Orders in the store beside no customer's key in the tables: what is sealed in them is lost.
 *
 * @returns what that means and what to do about it, a line for a person; undefined where nothing is lost
 * @throws when store or tables do not answer
 */
export async function findLostKeys(
  { eventStore, dynamo }: { readonly eventStore: string; readonly dynamo: string },
  tablePrefix: string,
): Promise<string | undefined> {
  const table = `${tablePrefix}-customer-keys`;
  if ((await hasRows(dynamo, table)) || !(await hasEvents(eventStore, ['order']))) return undefined;
  return (
    `the event store holds orders, but ${table} no customer's key: every recipient in them shows as erased, for good; ` +
    'those under way are rejected, and nobody gets a mail about them. Give the tables that belong to this store ' +
    '(--data DIR, or DYNAMODB_ENDPOINT and TABLE_PREFIX), or a new store'
  );
}

async function hasRows(endpoint: string, table: string): Promise<boolean> {
  const client = new DynamoDBClient(toClientConfig(endpoint));
  try {
    const { Items = [] } = await client.send(new ScanCommand({ TableName: table, Limit: 1, ConsistentRead: true }));
    return Items.length > 0;
  } finally {
    client.destroy();
  }
}
