import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { BatchGetCommand, type DynamoDBDocumentClient, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { Fault } from '../kernel/fault.ts';
import type { Cursor, Cursors, Failure } from './cursors.ts';

/** Most keys of one BatchGetItem. */
const batchSize = 100;

interface Row<View> {
  readonly pk: string;
  readonly revision: number;
  readonly head?: number;
  readonly status: 'ready' | 'waiting' | 'blocked';
  readonly attempts: number;
  readonly dueAt?: string;
  readonly failure?: Failure;
  readonly view?: View;
}

const toCursor = <View>({ pk, revision, head = -1, ...rest }: Row<View>): Cursor<View> => ({
  stream: pk,
  revision: BigInt(revision),
  head: BigInt(head),
  ...rest,
});

const toUnavailable = (error: unknown, doing: string): Fault =>
  new Fault('table/unavailable', `${doing}: ${error instanceof Error ? error.message : String(error)}`, error);

/** A row that is missing stands at revision -1 with no failures. */
const standsAt = (from: bigint): string =>
  from === -1n ? '(attribute_not_exists(pk) OR revision = :from)' : 'revision = :from';

/**
 * Cursors in a DynamoDB table with the string key `pk`: one row per stream, constant in size. Every change is one
 * conditional UpdateItem; reads are strongly consistent.
 *
 * @param toKeys attributes beside the view that the table's indexes are made of; written whenever the view is
 */
export function createDynamoCursors<View>(
  client: DynamoDBDocumentClient,
  table: string,
  toKeys: (view: View) => Readonly<Record<string, string>> = () => ({}),
): Cursors<View> {
  const update = async (
    stream: string,
    expression: string,
    condition: string,
    values: Record<string, unknown>,
  ): Promise<boolean> => {
    const keys = values[':view'] === undefined ? [] : Object.entries(toKeys(values[':view'] as View));
    const withKeys = keys.map(([name]) => `, ${name} = :${name}`).join('');
    const names = ['revision', 'head', 'status', 'attempts', 'dueAt', 'failure', 'view'] as const;
    const used = names.filter((name) => `${expression} ${condition}`.includes(`#${name}`));
    try {
      await client.send(
        new UpdateCommand({
          TableName: table,
          Key: { pk: stream },
          UpdateExpression: expression.replace('#view = :view', `#view = :view${withKeys}`),
          ConditionExpression: condition,
          ...(used.length > 0 && {
            ExpressionAttributeNames: Object.fromEntries(used.map((name) => [`#${name}`, name])),
          }),
          ExpressionAttributeValues: { ...values, ...Object.fromEntries(keys.map(([name, key]) => [`:${name}`, key])) },
        }),
      );
      return true;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return false;
      throw toUnavailable(error, `write ${stream} in ${table}`);
    }
  };

  const loadPage = async (streams: readonly string[]): Promise<readonly Row<View>[]> => {
    const rows: Row<View>[] = [];
    let keys: Record<string, unknown>[] = streams.map((pk) => ({ pk }));
    while (keys.length > 0) {
      const asked = keys.length;
      const { Responses, UnprocessedKeys } = await client
        .send(new BatchGetCommand({ RequestItems: { [table]: { Keys: keys, ConsistentRead: true } } }))
        .catch((error: unknown) => {
          throw toUnavailable(error, `read ${table}`);
        });
      rows.push(...((Responses?.[table] ?? []) as Row<View>[]));
      keys = UnprocessedKeys?.[table]?.Keys ?? [];
      // An answer may be cut at 16 MB and goes on from there; one that brought nothing is throttled.
      if (keys.length === asked) throw toUnavailable(new Error('throttled'), `read ${table}`);
    }
    return rows;
  };

  return {
    async load(streams) {
      const pages = Array.from({ length: Math.ceil(streams.length / batchSize) }, (_, page) =>
        loadPage(streams.slice(page * batchSize, (page + 1) * batchSize)),
      );
      const rows = (await Promise.all(pages)).flat();
      return new Map(rows.map((row) => [row.pk, toCursor(row)]));
    },

    advance: (stream, { from, to, view, seenHead }) =>
      update(
        stream,
        `SET revision = :to, #status = :ready, attempts = :zero${
          view === undefined ? '' : ', #view = :view'
        } REMOVE head, dueAt, failure`,
        `${standsAt(from)} AND (attribute_not_exists(head) OR head <= :to OR head = :seenHead)`,
        {
          ':from': from,
          ':to': to,
          ':seenHead': seenHead,
          ':ready': 'ready',
          ':zero': 0,
          ...(view === undefined ? {} : { ':view': view }),
        },
      ),

    progress: (stream, { from, to, view }) =>
      update(
        stream,
        `SET revision = :to, #status = if_not_exists(#status, :ready), attempts = :zero${
          view === undefined ? '' : ', #view = :view'
        }`,
        standsAt(from),
        { ':from': from, ':to': to, ':ready': 'ready', ':zero': 0, ...(view === undefined ? {} : { ':view': view }) },
      ),

    // A head that stands there already is kept: whoever retries goes on to the stream's newest event anyway.
    fail: (stream, { from, attemptsBefore, revision, head, attempts, failure, dueAt, view }) =>
      update(
        stream,
        `SET revision = :revision, head = if_not_exists(head, :head), #status = :status, attempts = :attempts${failure ? ', failure = :failure' : ''}${
          view === undefined ? '' : ', #view = :view'
        }${dueAt === undefined ? ' REMOVE dueAt' : `, dueAt = :dueAt${failure ? '' : ' REMOVE failure'}`}`,
        `${standsAt(from)} AND ${attemptsBefore === 0 ? '(attribute_not_exists(attempts) OR attempts = :before)' : 'attempts = :before'}`,
        {
          ':from': from,
          ':revision': revision,
          ':head': head,
          ':status': dueAt === undefined ? 'blocked' : 'waiting',
          ':attempts': attempts,
          ':before': attemptsBefore,
          ...(failure && { ':failure': failure }),
          ...(view === undefined ? {} : { ':view': view }),
          ...(dueAt === undefined ? {} : { ':dueAt': dueAt }),
        },
      ),

    async setAside(stream, revision) {
      const raised = await update(stream, 'SET head = :head', 'head < :head AND #status IN (:waiting, :blocked)', {
        ':head': revision,
        ':waiting': 'waiting',
        ':blocked': 'blocked',
      });
      if (raised) return true;
      // Not raised: it was as high before, or the stream has become ready.
      const [row] = await loadPage([stream]);
      return row !== undefined && row.status !== 'ready';
    },
  };
}
