import { CreateTableCommand, DynamoDBClient, ResourceInUseException } from '@aws-sdk/client-dynamodb';
import { toAwsEnvironment } from './awsEnvironment.ts';
import { declareTables } from './tables.ts';

const requestTimeoutMs = 3_000;

/**
 * Creates those of the system's tables that are not there yet; what is there stays as it is.
 *
 * @param endpoint such as http://127.0.0.1:8000
 * @throws when nothing answers there as DynamoDB does
 */
export async function createTables(endpoint: string, prefix: string): Promise<void> {
  const { AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = toAwsEnvironment(process.env);
  const client = new DynamoDBClient({
    endpoint,
    region: AWS_REGION,
    credentials: { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY },
    maxAttempts: 1,
    requestHandler: { connectionTimeout: requestTimeoutMs, requestTimeout: requestTimeoutMs },
  });
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
