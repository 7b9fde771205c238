import { promisify } from 'node:util';
import { deflateRaw, inflateRawSync } from 'node:zlib';
import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { toTableFault } from '../config/dynamoFault.ts';
import type { EventId } from '../kernel/ids.ts';
import { parseJsonText } from './codec.ts';
import type { Snapshots } from './snapshots.ts';

const compress = promisify(deflateRaw);

/** DynamoDB takes items of 400 KiB; the rest of the row is small. */
const maxBytes = 390 * 1024;

/** Snapshots in a DynamoDB table with the string key `pk`, their states as compressed JSON. */
export function createDynamoSnapshots(client: DynamoDBDocumentClient, table: string): Snapshots {
  const doing = async <Answer>(what: string, work: () => Promise<Answer>): Promise<Answer> => {
    try {
      return await work();
    } catch (error) {
      throw toTableFault(error, `${what} in ${table}`);
    }
  };
  return {
    load: (stream, name) =>
      doing(`read ${stream}/${name}`, async () => {
        const { Item } = await client.send(new GetCommand({ TableName: table, Key: { pk: `${stream}/${name}` } }));
        if (!Item) return undefined;
        const bytes: Uint8Array = Item['state'];
        const state = parseJsonText(inflateRawSync(bytes).toString());
        const { revision, eventId, version } = Item;
        return { revision: BigInt(revision), eventId: eventId as EventId, version: Number(version), state };
      }),

    save: (stream, name, { revision, eventId, version, state }) =>
      doing(`write ${stream}/${name}`, async () => {
        const bytes = await compress(JSON.stringify(state));
        if (bytes.length > maxBytes) return;
        try {
          await client.send(
            new PutCommand({
              TableName: table,
              Item: { pk: `${stream}/${name}`, revision, eventId, version, state: bytes },
              ConditionExpression: 'attribute_not_exists(pk) OR version <> :version OR revision < :revision',
              ExpressionAttributeValues: { ':version': version, ':revision': revision },
            }),
          );
        } catch (error) {
          // Somebody else kept a newer one.
          if (!(error instanceof ConditionalCheckFailedException)) throw error;
        }
      }),
  };
}
