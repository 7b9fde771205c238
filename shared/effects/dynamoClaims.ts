import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { toTableFault } from '../config/dynamoFault.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Claims } from './claims.ts';

/** Claims in a DynamoDB table with the string key `pk`: one row for each. */
export function createDynamoClaims(
  client: DynamoDBDocumentClient,
  { table, clock }: { readonly table: string; readonly clock: Pick<Clock, 'now'> },
): Claims {
  /** False when the condition does not hold. */
  const doing = async (id: string, work: () => Promise<unknown>): Promise<boolean> => {
    try {
      await work();
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw toTableFault(error, `claim ${id} in ${table}`);
    }
  };
  const names = { '#status': 'status' };

  return {
    async claim(id, leaseMs) {
      const nowMs = clock.now().getTime();
      const endsAtMs = nowMs + leaseMs;
      const isMine = await doing(id, () =>
        client.send(
          new PutCommand({
            TableName: table,
            Item: { pk: id, status: 'claimed', endsAtMs },
            ConditionExpression: 'attribute_not_exists(pk) OR (#status = :claimed AND endsAtMs <= :now)',
            ExpressionAttributeNames: names,
            ExpressionAttributeValues: { ':claimed': 'claimed', ':now': nowMs },
          }),
        ),
      );
      if (isMine) return { status: 'mine', endsAt: new Date(endsAtMs) };
      let row: Record<string, unknown> | undefined;
      await doing(id, async () => {
        const { Item } = await client.send(new GetCommand({ TableName: table, Key: { pk: id }, ConsistentRead: true }));
        row = Item;
      });
      if (row?.['status'] === 'done') return { status: 'done' };
      // Given back in between: whoever asks again gets it.
      return { status: 'taken', endsAt: new Date(Number(row?.['endsAtMs'] ?? nowMs)) };
    },

    async complete(id) {
      await doing(id, () => client.send(new PutCommand({ TableName: table, Item: { pk: id, status: 'done' } })));
    },

    async giveBack(id, endsAt) {
      await doing(id, () =>
        client.send(
          new DeleteCommand({
            TableName: table,
            Key: { pk: id },
            ConditionExpression: '#status = :claimed AND endsAtMs = :ends',
            ExpressionAttributeNames: names,
            ExpressionAttributeValues: { ':claimed': 'claimed', ':ends': endsAt.getTime() },
          }),
        ),
      );
    },
  };
}
