import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createTables } from '../../infra/local/dynamo/createTables.ts';
import { startDynamo } from '../../infra/local/dynamo/startDynamo.ts';

// The SDK wants a region and credentials before it speaks to anybody, a server on this machine included.
process.env['AWS_REGION'] ??= 'eu-west-1';
process.env['AWS_ACCESS_KEY_ID'] ??= 'local';
process.env['AWS_SECRET_ACCESS_KEY'] ??= 'local';

/** A DynamoDB with this system's tables under the prefix `test`. */
export async function startLocalDynamo() {
  const server = await startDynamo();
  await createTables(server.url, 'test');
  const raw = new DynamoDBClient({ endpoint: server.url });
  return {
    url: server.url,
    client: DynamoDBDocumentClient.from(raw),
    stop: async () => {
      raw.destroy();
      await server.stop();
    },
  };
}
