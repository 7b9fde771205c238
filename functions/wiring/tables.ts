import { createDynamoClient } from '../../shared/config/dynamoClient.ts';
import { configOf, dynamoEndpoint } from './config.ts';
import { freezes } from './freezes.ts';

export const dynamo = createDynamoClient({ endpoint: dynamoEndpoint(), freezes });

/** A table of this system by its short name, as infra/aws/tables.yml has it. */
export const tableName = (name: string): string => `${configOf('TABLE_PREFIX').TABLE_PREFIX}-${name}`;
