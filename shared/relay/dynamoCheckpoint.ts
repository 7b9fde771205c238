import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { Fault } from '../kernel/fault.ts';
import type { Position } from '../store/eventStore.ts';
import type { Checkpoint } from './checkpoint.ts';

const key = { pk: 'checkpoint' };

/** The checkpoint as the row `checkpoint` of a DynamoDB table with the string key `pk`. */
export function createDynamoCheckpoint(client: DynamoDBDocumentClient, table: string): Checkpoint {
  const unavailable = (error: unknown, doing: string): Fault =>
    new Fault('table/unavailable', `${doing} ${table}: ${error instanceof Error ? error.message : error}`, error);

  return {
    async load() {
      const get = new GetCommand({ TableName: table, Key: key, ConsistentRead: true });
      const { Item: item } = await client.send(get).catch((error: unknown) => {
        throw unavailable(error, 'read the checkpoint in');
      });
      return item && { commit: BigInt(item['commit']), prepare: BigInt(item['prepare']) };
    },

    async save({ commit, prepare }: Position) {
      const update = new UpdateCommand({
        TableName: table,
        Key: key,
        UpdateExpression: 'SET #commit = :commit, #prepare = :prepare',
        ConditionExpression: 'attribute_not_exists(#commit) OR #commit < :commit',
        ExpressionAttributeNames: { '#commit': 'commit', '#prepare': 'prepare' },
        ExpressionAttributeValues: { ':commit': commit, ':prepare': prepare },
      });
      await client.send(update).catch((error: unknown) => {
        if (!(error instanceof ConditionalCheckFailedException)) throw unavailable(error, 'write the checkpoint in');
      });
    },
  };
}
