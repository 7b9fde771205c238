import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { BatchGetCommand, type DynamoDBDocumentClient, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { toTableFault } from '../config/dynamoFault.ts';
import type { Claim, Cursor, Failure } from './cursors.ts';
import { slotOf } from './slots.ts';

/** Most keys of one BatchGetItem. */
const batchSize = 100;

/** A cursor as it is stored; infra/aws/tables.yml has its key and index. */
export interface Row<View> {
  readonly pk: string;
  readonly revision: number;
  readonly head?: number;
  readonly status: 'ready' | 'waiting' | 'blocked';
  readonly attempts: number;
  readonly dueAt?: string;
  readonly failure?: Failure;
  readonly claim?: Claim;
  readonly view?: View;
  /** Keys of the index `unsettled`, in rows that wait or are blocked alone: it holds nothing else. */
  readonly lane?: string;
  readonly laneAt?: string;
}

/** What waits or is blocked is indexed in lanes: one key for all of them would be one hot partition in an outage. */
const laneCount = 4;
export const lanesOf = (status: 'waiting' | 'blocked'): readonly string[] =>
  Array.from({ length: laneCount }, (_, n) => `${status}.${n}`);
export const laneOf = (status: 'waiting' | 'blocked', stream: string): string =>
  `${status}.${Number(slotOf(stream)) % laneCount}`;

const toCursor = <View>({ pk, revision, head = -1, lane: _, laneAt: __, ...rest }: Row<View>): Cursor<View> => ({
  stream: pk,
  revision: BigInt(revision),
  head: BigInt(head),
  ...rest,
});

/** A condition with the values it names; `#name` stands for an attribute. */
export interface Condition {
  readonly condition: string;
  readonly values?: Readonly<Record<string, unknown>>;
}

/** What an UpdateItem sets and removes. */
export interface RowChange extends Condition {
  readonly set: Readonly<Record<string, unknown>>;
  readonly remove?: readonly string[];
}

const namesIn = (expressions: string): Readonly<Record<string, string>> =>
  Object.fromEntries([...expressions.matchAll(/#(\w+)/g)].map(([placeholder, name = '']) => [placeholder, name]));

const withValues = (values: Readonly<Record<string, unknown>>) =>
  Object.keys(values).length > 0 ? { ExpressionAttributeValues: values } : {};

export function createDynamoRows<View>(client: DynamoDBDocumentClient, table: string) {
  const loadPage = async (streams: readonly string[]): Promise<readonly Row<View>[]> => {
    const rows: Row<View>[] = [];
    let keys: Record<string, unknown>[] = streams.map((pk) => ({ pk }));
    while (keys.length > 0) {
      const asked = keys.length;
      const { Responses, UnprocessedKeys } = await client
        .send(new BatchGetCommand({ RequestItems: { [table]: { Keys: keys, ConsistentRead: true } } }))
        .catch((error: unknown) => {
          throw toTableFault(error, `read ${table}`);
        });
      rows.push(...((Responses?.[table] ?? []) as Row<View>[]));
      keys = UnprocessedKeys?.[table]?.Keys ?? [];
      // An answer may be cut at 16 MB and goes on from there; one that brought nothing is throttled.
      if (keys.length === asked) throw toTableFault(new Error('throttled'), `read ${table}`);
    }
    return rows;
  };

  /** True when it was written, false when the condition did not hold. */
  const write = async (stream: string, send: () => Promise<unknown>): Promise<boolean> => {
    try {
      await send();
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw toTableFault(error, `write ${stream} in ${table}`);
    }
  };

  return {
    /** Strongly consistent, 100 rows a request. */
    async load(streams: readonly string[]): Promise<ReadonlyMap<string, Cursor<View>>> {
      const pages = Array.from({ length: Math.ceil(streams.length / batchSize) }, (_, page) =>
        loadPage(streams.slice(page * batchSize, (page + 1) * batchSize)),
      );
      const rows = (await Promise.all(pages)).flat();
      return new Map(rows.map((row) => [row.pk, toCursor(row)]));
    },

    /** The row becomes this and nothing else. */
    replace: (
      row: Readonly<Record<string, unknown>> & { readonly pk: string },
      { condition, values = {} }: Condition,
    ) =>
      write(row.pk, () =>
        client.send(
          new PutCommand({
            TableName: table,
            Item: row,
            ConditionExpression: condition,
            ...(condition.includes('#') && { ExpressionAttributeNames: namesIn(condition) }),
            ...withValues(values),
          }),
        ),
      ),

    /** What is set and removed changes; all else stays. */
    change(stream: string, { set, remove = [], condition, values = {} }: RowChange): Promise<boolean> {
      const sets = Object.keys(set).map((name) => `#${name} = :set_${name}`);
      const removes = remove.length > 0 ? ` REMOVE ${remove.map((name) => `#${name}`).join(', ')}` : '';
      const expression = `SET ${sets.join(', ')}${removes}`;
      const given = Object.entries(set).map(([name, value]) => [`:set_${name}`, value]);
      return write(stream, () =>
        client.send(
          new UpdateCommand({
            TableName: table,
            Key: { pk: stream },
            UpdateExpression: expression,
            ConditionExpression: condition,
            ExpressionAttributeNames: namesIn(`${expression} ${condition}`),
            ...withValues({ ...Object.fromEntries(given), ...values }),
          }),
        ),
      );
    },
  };
}
