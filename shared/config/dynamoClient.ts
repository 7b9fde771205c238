import { DynamoDBClient, type DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

import { type Freezes, neverFrozen } from '../kernel/freezes.ts';
import { createAwsHttpHandler } from './awsHttpHandler.ts';

interface Options {
  /** Without one the SDK finds the real service. */
  readonly endpoint: string | undefined;
  /** Of one attempt; three fit in the time that a caller of the API waits. */
  readonly requestTimeoutMs?: number;
  readonly freezes?: Freezes;
}

/** Without `info`: the SDK would make its lines of every request and answer, also where nobody reads them. */
const quiet = { debug: () => undefined, warn: () => undefined, error: () => undefined } as unknown as NonNullable<
  DynamoDBClientConfig['logger']
>;

/**
 * DynamoDB with limits that hold: what does not answer in time fails, and whoever called is asked again. After a freeze it
 * connects anew.
 */
export function createDynamoClient({
  endpoint,
  requestTimeoutMs: requestTimeout = 2_000,
  freezes = neverFrozen,
}: Options): DynamoDBDocumentClient {
  // Without throwing, the limit is only warned about, and a silent server is waited for for ever.
  const limits = { connectionTimeout: 1_000, requestTimeout, throwOnRequestTimeout: true };
  const client = new DynamoDBClient({
    ...(endpoint ? { endpoint } : {}),
    maxAttempts: 3,
    logger: quiet,
    requestHandler: createAwsHttpHandler(limits, freezes),
  });
  return DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
}
