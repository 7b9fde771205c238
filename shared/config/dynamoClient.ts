import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

interface Options {
  /** Without one the SDK finds the real service. */
  readonly endpoint: string | undefined;
  /** Of one attempt; three fit in the time that a caller of the API waits. */
  readonly requestTimeoutMs?: number;
}

/** Without `info`: the SDK would make its lines of every request and answer, also where nobody reads them. */
const quiet = { debug: () => undefined, warn: () => undefined, error: () => undefined } as unknown as NonNullable<
  DynamoDBClientConfig['logger']
>;

/** DynamoDB with limits that hold: what does not answer in time fails, and whoever called is asked again. */
export function createDynamoClient({ endpoint, requestTimeoutMs = 2_000 }: Options): DynamoDBDocumentClient {
  const client = new DynamoDBClient({
    ...(endpoint ? { endpoint } : {}),
    maxAttempts: 3,
    logger: quiet,
    requestHandler: {
      connectionTimeout: 1_000,
      requestTimeout: requestTimeoutMs,
      // Without it the limit above is only warned about, and a silent server is waited for for ever.
      throwOnRequestTimeout: true,
    },
  });
  return DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
}
