import { createDynamoClient } from '../../shared/config/dynamoClient.ts';
import { configOf, dynamoEndpoint } from './config.ts';

export const dynamo = createDynamoClient({ endpoint: dynamoEndpoint() });

/** A table of this system by its short name, as infra/aws/tables.yml has it. */
export const tableName = (name: string): string => `${configOf('TABLE_PREFIX').TABLE_PREFIX}-${name}`;

/** Where a consumer keeps its cursors: a view's are in the view itself. */
export const cursorTable = (consumer: string): string =>
  tableName(consumer.endsWith('-view') ? consumer : `cursors-${consumer}`);
