import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { toTableFault } from '../config/dynamoFault.ts';
import type { ViewTable } from './readView.ts';

/** Views where their consumer keeps them: in its cursor rows, together with the revision. */
export function createDynamoViewTable<View>(client: DynamoDBDocumentClient, table: string): ViewTable<View> {
  return {
    async read(stream) {
      const { Item: item } = await client
        .send(new GetCommand({ TableName: table, Key: { pk: stream }, ConsistentRead: true }))
        .catch((error: unknown) => {
          throw toTableFault(error, `read ${stream} in ${table}`);
        });
      return item?.['view'] && { view: item['view'] as View, revision: BigInt(item['revision']) };
    },
  };
}
