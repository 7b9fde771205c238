import { CreateTableCommand, DynamoDBClient, ResourceInUseException } from '@aws-sdk/client-dynamodb';
import { toClientConfig } from './clientConfig.ts';
import { declareTables } from './tables.ts';

/**
 * Creates those of the system's tables that are not there yet; what is there stays as it is.
 *
 * @param endpoint such as http://127.0.0.1:8000
 * @throws when nothing answers there as DynamoDB does
 */
export async function createTables(endpoint: string, prefix: string): Promise<void> {
  const client = new DynamoDBClient(toClientConfig(endpoint));
  try {
    await Promise.all(
      declareTables(prefix).map(async (table) => {
        try {
          await client.send(new CreateTableCommand(table));
        } catch (error) {
          if (!(error instanceof ResourceInUseException)) throw error;
        }
      }),
    );
  } finally {
    client.destroy();
  }
}
