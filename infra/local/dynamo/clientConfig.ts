import type { DynamoDBClientConfig } from '@aws-sdk/client-dynamodb';
import { toAwsEnvironment } from './awsEnvironment.ts';

const requestTimeoutMs = 3_000;

/** For a client of the stack itself: one attempt that fails in bounded time. */
export function toClientConfig(endpoint: string): DynamoDBClientConfig {
  const { AWS_REGION, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = toAwsEnvironment(process.env);
  return {
    endpoint,
    region: AWS_REGION,
    credentials: { accessKeyId: AWS_ACCESS_KEY_ID, secretAccessKey: AWS_SECRET_ACCESS_KEY },
    maxAttempts: 1,
    requestHandler: {
      connectionTimeout: requestTimeoutMs,
      requestTimeout: requestTimeoutMs,
      throwOnRequestTimeout: true,
    },
  };
}
