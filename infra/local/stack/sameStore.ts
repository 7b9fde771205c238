import { DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { parseBrokerAddress } from '../../../shared/broker/amqpFault.ts';
import { publishedCategories } from '../../../shared/broker/topology.ts';
import { toClientConfig } from '../dynamo/clientConfig.ts';
import { declareTables } from '../dynamo/tables.ts';
import { hasEvents } from './hasEvents.ts';
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
 * @param advice what to do otherwise
 * @throws StackProblem naming a stream that has been read further than it goes here
 */
export async function requireSameStore(
  { eventStore, dynamo }: { readonly eventStore: string; readonly dynamo: string },
  tablePrefix: string,
  advice = 'begin with new tables (another TABLE_PREFIX), or give the store that these belong to',
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
      const has = newest < 0n ? 'does not have it' : `has it up to ${newest}`;
      const store = `the event store at ${withoutCredentials(eventStore)} ${has}`;
      throw new StackProblem(`the tables belong to another event store: ${where}, ${store}: ${advice}`);
    }
  } finally {
    await client.dispose().catch(() => {});
  }
}

/**
 * Makes sure that messages which wait on the broker are not of a store that is gone: they carry events, and consumers
 * would take those for events of this one.
 *
 * @param waiting how many messages are in which queue
 * @throws StackProblem when there is no event that they could be about, with what empties the queues
 */
export async function requireStoreOf(
  waiting: ReadonlyMap<string, number>,
  { eventStore, broker }: { readonly eventStore: string; readonly broker: string },
): Promise<void> {
  if (await hasEvents(eventStore, publishedCategories)) return;
  const messages = [...waiting.values()].reduce((sum, count) => sum + count, 0);
  const where = `${messages} messages wait at ${withoutCredentials(broker)}`;
  const store = `the event store at ${withoutCredentials(eventStore)} is empty`;
  const { vhost } = parseBrokerAddress(broker);
  const purge = `for q in ${[...waiting.keys()].join(' ')}; do rabbitmqctl -p '${vhost}' purge_queue $q; done`;
  const advice =
    'give the store that they belong to, or a virtual host of its own; ' +
    `where that store is gone, they are of no use any more: ${purge} (npm run broker: start it again)`;
  throw new StackProblem(`the messages belong to another event store: ${where}, and ${store}: ${advice}`);
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
