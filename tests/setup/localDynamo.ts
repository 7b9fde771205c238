import { randomUUID } from 'node:crypto';
import { DeleteTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createTables } from '../../infra/local/dynamo/createTables.ts';
import { startDynamo } from '../../infra/local/dynamo/startDynamo.ts';
import { declareTables } from '../../infra/local/dynamo/tables.ts';

// The SDK wants a region and credentials before it speaks to anybody, a server on this machine included.
process.env['AWS_REGION'] ??= 'eu-west-1';
process.env['AWS_ACCESS_KEY_ID'] ??= 'local';
process.env['AWS_SECRET_ACCESS_KEY'] ??= 'local';

export type LocalDynamo = Awaited<ReturnType<typeof startLocalDynamo>>;

/** This system's tables under a prefix of their own, on the DynamoDB of DYNAMODB_TEST_URL or on one that is started for them. */
export async function startLocalDynamo() {
  const given = process.env['DYNAMODB_TEST_URL'];
  const server = given ? undefined : await startDynamo();
  const url = given || (server?.url ?? '');
  const prefix = `test-${randomUUID().slice(0, 8)}`;
  await createTables(url, prefix);
  const raw = new DynamoDBClient({ endpoint: url });
  const deleteTables = () =>
    Promise.all(declareTables(prefix).map(({ TableName }) => raw.send(new DeleteTableCommand({ TableName }))));
  return {
    url,
    prefix,
    /** A table's whole name. */
    tableName: (name: string) => `${prefix}-${name}`,
    client: DynamoDBDocumentClient.from(raw),
    stop: async () => {
      if (given) await deleteTables();
      raw.destroy();
      await server?.stop();
    },
  };
}
