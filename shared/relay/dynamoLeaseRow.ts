import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { toTableFault } from '../config/dynamoFault.ts';
import type { Position } from '../store/eventStore.ts';
import type { Backlog, PublishedSoFar } from './backlog.ts';
import type { RelayReport } from './report.ts';

const key = { pk: 'relay' };

/** The row. `beat` grows with every write of a holder; that it stands still is all that a standby judges by. */
export interface Row {
  readonly fencing: number;
  readonly beat: number;
  readonly owner?: string;
  readonly position?: StoredPosition;
  /** Those that the holder publishes, or the last one did. */
  readonly categories?: readonly string[];
  readonly backlog?: Pick<Backlog, 'categories'> & {
    readonly position?: StoredPosition;
    readonly until: StoredPosition;
    readonly toldAt?: StoredPosition;
  };
  readonly renewedAt: string;
  readonly report?: RelayReport;
}

interface StoredPosition {
  readonly commit: number | bigint;
  readonly prepare: number | bigint;
}

export const toPosition = ({ commit, prepare }: StoredPosition): Position => ({
  commit: BigInt(commit),
  prepare: BigInt(prepare),
});
export const toStored = ({ commit, prepare }: Position): StoredPosition => ({ commit, prepare });

export const toPublished = (row: Row | undefined): PublishedSoFar => ({
  position: row?.position && toPosition(row.position),
  categories: row?.categories,
  backlog: row?.backlog && {
    categories: row.backlog.categories,
    position: row.backlog.position && toPosition(row.backlog.position),
    until: toPosition(row.backlog.until),
    ...(row.backlog.toldAt && { toldAt: toPosition(row.backlog.toldAt) }),
  },
});

export async function readRow(client: DynamoDBDocumentClient, table: string): Promise<Row | undefined> {
  const get = new GetCommand({ TableName: table, Key: key, ConsistentRead: true });
  const { Item: item } = await client.send(get).catch((error: unknown) => {
    throw toTableFault(error, `read the lease in ${table}`);
  });
  return item as Row | undefined;
}

/** What a write changes; `beat` grows by one with each, and `fencing` by one with each that changes hands. */
export interface Change {
  readonly set?: Readonly<Record<string, unknown>>;
  readonly remove?: readonly string[];
  readonly changesHands?: true;
}

/** False when `condition` does not hold. */
export async function writeRow(
  client: DynamoDBDocumentClient,
  table: string,
  { set = {}, remove = [], changesHands }: Change,
  condition: string,
  values: Readonly<Record<string, unknown>>,
): Promise<boolean> {
  const attributes = Object.keys(set);
  const clauses = [
    `ADD beat :one${changesHands ? ', fencing :one' : ''}`,
    attributes.length > 0 && `SET ${attributes.map((name) => `#${name} = :${name}`).join(', ')}`,
    remove.length > 0 && `REMOVE ${remove.map((name) => `#${name}`).join(', ')}`,
  ];
  const expression = clauses.filter(Boolean).join(' ');
  const aliases = new Set(`${expression} ${condition}`.match(/#\w+/g));
  const command = new UpdateCommand({
    TableName: table,
    Key: key,
    UpdateExpression: expression,
    ConditionExpression: condition,
    ...(aliases.size > 0 && {
      ExpressionAttributeNames: Object.fromEntries([...aliases].map((alias) => [alias, alias.slice(1)])),
    }),
    ExpressionAttributeValues: {
      ':one': 1,
      ...Object.fromEntries(attributes.map((name) => [`:${name}`, set[name]])),
      ...values,
    },
  });
  try {
    await client.send(command);
    return true;
  } catch (error) {
    if (error instanceof ConditionalCheckFailedException) return false;
    throw toTableFault(error, `write the lease in ${table}`);
  }
}

/** As attributes: what is there is set, what is not is removed. */
export function toBacklogChange(backlog: Backlog | undefined): Change {
  if (!backlog) return { remove: ['backlog'] };
  const { categories, position, until, toldAt } = backlog;
  return {
    set: {
      backlog: {
        categories,
        until: toStored(until),
        ...(position && { position: toStored(position) }),
        ...(toldAt && { toldAt: toStored(toldAt) }),
      },
    },
  };
}
