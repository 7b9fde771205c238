import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import { cursorTableOf } from '../../../shared/broker/cursorTable.ts';
import { consumers, publishedCategories } from '../../../shared/broker/topology.ts';
import { lazy } from '../../../shared/kernel/lazy.ts';
import { createEsdbEventStore } from '../../../shared/store/esdbEventStore.ts';
import { categoryOf, type Position } from '../../../shared/store/eventStore.ts';
import { toClientConfig } from '../dynamo/clientConfig.ts';

/** Where a relay has to go on from, so that all is told that somebody has not applied yet. */
export type RepublishFrom = { readonly after: Position } | 'beginning' | 'nothing to tell';

/** Of one consumer: the last revision of each stream that needs no telling any more. */
type Applied = ReadonlyMap<string, number>;

/**
 * Compares the store with every consumer's cursors. A blocked stream needs no telling: it waits for a person.
 *
 * @throws when store or tables do not answer
 */
export async function findUnapplied(
  { eventStore, dynamo }: { readonly eventStore: string; readonly dynamo: string },
  tablePrefix: string,
): Promise<RepublishFrom> {
  const appliedBy = await readApplied(dynamo, tablePrefix);
  const isApplied = (stream: string, revision: bigint): boolean =>
    (appliedBy.get(categoryOf(stream)) ?? []).every((applied) => (applied.get(stream) ?? -1) >= revision);

  const { EventStoreDBClient } = await import('@eventstore/db-client');
  const client = EventStoreDBClient.connectionString(eventStore);
  const store = createEsdbEventStore(lazy(() => client));
  const done = new AbortController();
  let after: Position | undefined;
  try {
    for await (const batch of store.readAll({ categories: publishedCategories, signal: done.signal })) {
      for (const item of batch) {
        if (item.kind === 'caught-up') return 'nothing to tell';
        const { stream, revision } = item.kind === 'event' ? item.event : { stream: '', revision: -1n, ...item };
        if (!isApplied(stream, revision)) return after ? { after } : 'beginning';
        after = item.position;
      }
    }
    return 'nothing to tell';
  } finally {
    done.abort();
    await client.dispose().catch(() => {});
  }
}

/** By category: what each consumer that follows it has behind it. */
async function readApplied(endpoint: string, tablePrefix: string): Promise<ReadonlyMap<string, readonly Applied[]>> {
  const client = DynamoDBDocumentClient.from(new DynamoDBClient(toClientConfig(endpoint)));
  const byCategory = new Map<string, Applied[]>();
  try {
    await Promise.all(
      Object.values(consumers).map(async ({ name, categories }) => {
        const table = `${tablePrefix}-${cursorTableOf(name)}`;
        const applied = new Map<string, number>();
        const pages = paginateScan(
          { client },
          {
            TableName: table,
            ProjectionExpression: 'pk, revision, #status',
            ExpressionAttributeNames: { '#status': 'status' },
            ConsistentRead: true,
          },
        );
        for await (const { Items = [] } of pages) {
          for (const { pk, revision, status } of Items) {
            applied.set(pk, status === 'blocked' ? Number.POSITIVE_INFINITY : revision);
          }
        }
        for (const category of categories) byCategory.set(category, [...(byCategory.get(category) ?? []), applied]);
      }),
    );
    return byCategory;
  } finally {
    client.destroy();
  }
}
