import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { toClientConfig } from '../dynamo/clientConfig.ts';
import { declareTables } from '../dynamo/tables.ts';
import { withoutCredentials } from './settings.ts';
import { StackProblem } from './stackProblem.ts';

/** Rows that are looked at in each table: of another store, any one of them gives it away. */
const rowsPerTable = 3;

/** Of one read, in milliseconds. */
const deadline = 5_000;

interface Cursor {
  readonly table: string;
  readonly stream: string;
  readonly revision: bigint;
}

/**
 * Makes sure that the cursors in the tables are of the streams in this store. With those of another one, events that are
 * new here would be taken for old and be skipped: orders would be accepted and nothing would come of them.
 *
 * @throws StackProblem naming a stream that has been read further than it goes here
 */
export async function requireSameStore(
  { eventStore, dynamo }: { readonly eventStore: string; readonly dynamo: string },
  tablePrefix: string,
): Promise<void> {
  const cursors = await readSomeCursors(dynamo, tablePrefix);
  if (cursors.length === 0) return;
  const { BACKWARDS, END, EventStoreDBClient, StreamNotFoundError } = await import('@eventstore/db-client');
  const client = EventStoreDBClient.connectionString(eventStore);
  const newestRevision = async (stream: string): Promise<bigint> => {
    let revision = -1n;
    try {
      const newest = client.readStream(stream, { direction: BACKWARDS, fromRevision: END, maxCount: 1, deadline });
      for await (const { event } of newest) revision = event?.revision ?? revision;
    } catch (error) {
      if (!(error instanceof StreamNotFoundError)) throw error;
    }
    return revision;
  };
  try {
    for (const { table, stream, revision } of cursors) {
      const newest = await newestRevision(stream);
      if (newest >= revision) continue;
      const where = `${table} has read ${stream} up to revision ${revision}`;
      const store = `the event store at ${withoutCredentials(eventStore)} has it up to ${newest < 0n ? 'none' : newest}`;
      const advice = 'begin with new tables (another TABLE_PREFIX), or give the store that these belong to';
      throw new StackProblem(`the tables belong to another event store: ${where}, ${store}: ${advice}`);
    }
  } finally {
    await client.dispose().catch(() => {});
  }
}

async function readSomeCursors(endpoint: string, tablePrefix: string): Promise<readonly Cursor[]> {
  const client = new DynamoDBClient(toClientConfig(endpoint));
  const tables = declareTables(tablePrefix).flatMap(({ TableName = '' }) =>
    /-(view|cursors-.*)$/.test(TableName) ? [TableName] : [],
  );
  try {
    const scans = tables.map(async (table) => {
      const { Items = [] } = await client.send(
        new ScanCommand({ TableName: table, Limit: rowsPerTable, ConsistentRead: true }),
      );
      return Items.map(({ pk, revision }) => ({
        table,
        stream: pk?.S ?? '',
        revision: BigInt(revision?.N ?? -1),
      }));
    });
    return (await Promise.all(scans)).flat();
  } finally {
    client.destroy();
  }
}
