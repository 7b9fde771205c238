import { createDynamoSnapshots } from '../../shared/store/dynamoSnapshots.ts';
import { dynamo, tableName } from './tables.ts';

export const snapshots = createDynamoSnapshots(dynamo, tableName('snapshots'));
