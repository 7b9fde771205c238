import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { configOf, dynamoEndpoint } from './config.ts';

const endpoint = dynamoEndpoint();

/** Small limits: a function's caller waits, and what does not answer in time is asked again by whoever called. */
export const dynamo = DynamoDBDocumentClient.from(
  new DynamoDBClient({
    ...(endpoint ? { endpoint } : {}),
    maxAttempts: 3,
    requestHandler: { requestTimeout: 3_000, connectionTimeout: 1_000 },
  }),
  { marshallOptions: { removeUndefinedValues: true } },
);

/** A table of this system by its short name, as infra/aws/tables.yml has it. */
export const tableName = (name: string): string => `${configOf('TABLE_PREFIX').TABLE_PREFIX}-${name}`;
