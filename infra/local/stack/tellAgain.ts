import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { toClientConfig } from '../dynamo/clientConfig.ts';
import { findUnapplied, type RepublishFrom } from './unapplied.ts';

const key = { pk: 'relay' };

/**
 * The way back when the broker has lost what was on it: the relay begins again before the first event that some consumer
 * has not applied. What others have applied comes to them again as well, and is skipped by their cursors.
 *
 * @throws when the store or the tables do not answer
 */
export async function tellAgain(
  addresses: { readonly eventStore: string; readonly dynamo: string },
  tablePrefix: string,
): Promise<void> {
  await setRelayBack(addresses.dynamo, tablePrefix, await findUnapplied(addresses, tablePrefix));
}

/**
 * Sets the relay's checkpoint back, never forward, and takes the lease away in the same write, so that no relay that runs
 * can put its own checkpoint over it. Nothing happens where no relay ever ran.
 *
 * @throws when the table does not answer, or a relay writes at the same moment: to be tried again
 */
export async function setRelayBack(endpoint: string, tablePrefix: string, from: RepublishFrom): Promise<void> {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(toClientConfig(endpoint)));
  const TableName = `${tablePrefix}-relay`;
  try {
    const { Item: row } = await client.send(new GetCommand({ TableName, Key: key, ConsistentRead: true }));
    if (row === undefined) return;
    const after = typeof from === 'object' && from.after.commit < BigInt(row['position']?.commit ?? 0) && from.after;
    const isFromStart = from === 'beginning';
    await client.send(
      new UpdateCommand({
        TableName,
        Key: key,
        ConditionExpression: 'fencing = :fencing AND beat = :beat',
        UpdateExpression:
          `SET fencing = fencing + :one, beat = beat + :one${after ? ', #position = :after' : ''} ` +
          `REMOVE #owner${isFromStart ? ', #position' : ''}`,
        ExpressionAttributeNames: { '#owner': 'owner', ...((after || isFromStart) && { '#position': 'position' }) },
        ExpressionAttributeValues: {
          ':fencing': row['fencing'],
          ':beat': row['beat'],
          ':one': 1,
          ...(after && { ':after': { commit: after.commit, prepare: after.prepare } }),
        },
      }),
    );
  } finally {
    client.destroy();
  }
}
