import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, paginateScan } from '@aws-sdk/lib-dynamodb';
import { EventStoreDBClient } from '@eventstore/db-client';
import { connect } from 'amqplib';
import type { Stack } from '../../infra/local/stack/startStack.ts';
import { consumers, deadLetterQueue, publishedCategories, unroutedQueue } from '../../shared/broker/topology.ts';
import { lazy } from '../../shared/kernel/lazy.ts';
import { createEsdbEventStore } from '../../shared/store/esdbEventStore.ts';
import { categoryOf, type StoredEvent } from '../../shared/store/eventStore.ts';
import { flatten } from '../../shared/testing/flatten.ts';
import '../setup/localDynamo.ts';

/** What lies behind the API: the store's streams, the tables' rows, the gateway's books, the broker's last resorts. */
export interface Insight {
  /** Every stream of the system with its events. */
  readStreams(): Promise<ReadonlyMap<string, readonly StoredEvent[]>>;
  /** Resolves when this many orders have been carried through to their end. */
  untilCompleted(orders: number, timeoutMs: number): Promise<void>;
  /** Rows of a table by their key. */
  readRows(table: string): Promise<ReadonlyMap<string, Readonly<Record<string, unknown>>>>;
  readLedger(): Promise<Ledger>;
  /** Orders whose parcel the carrier took. */
  readParcels(): Promise<readonly string[]>;
  /** Events that a mail was sent about, one entry a mail. */
  readMails(): Promise<readonly string[]>;
  /** Messages in dead-letter queues and in `unrouted`, by queue; those without any are missing. */
  readLastResorts(): Promise<Readonly<Record<string, number>>>;
  close(): Promise<void>;
}

export interface Ledger {
  readonly asked: readonly { readonly key: string; readonly times: number }[];
  readonly effects: readonly { readonly kind: string; readonly orderId: string; readonly amountMinor: number }[];
}

export function createInsight({ addresses, tablePrefix }: Pick<Stack, 'addresses' | 'tablePrefix'>): Insight {
  const client = EventStoreDBClient.connectionString(addresses.eventStore);
  const store = createEsdbEventStore(lazy(() => client));
  const dynamo = new DynamoDBClient({ endpoint: addresses.dynamo });
  const documents = DynamoDBDocumentClient.from(dynamo);

  return {
    async readStreams() {
      const streams = new Map<string, StoredEvent[]>();
      const stop = new AbortController();
      for await (const item of flatten(store.readAll({ categories: publishedCategories, signal: stop.signal }))) {
        if (item.kind === 'caught-up') break;
        if (item.kind !== 'event') continue;
        const { stream } = item.event;
        streams.set(stream, [...(streams.get(stream) ?? []), item.event]);
      }
      stop.abort();
      return streams;
    },

    async untilCompleted(orders, timeoutMs) {
      const signal = AbortSignal.timeout(timeoutMs);
      let completed = 0;
      for await (const item of flatten(store.readAll({ categories: ['fulfilment'], signal }))) {
        if (item.kind === 'event' && item.event.type === 'FulfilmentCompleted') completed += 1;
        if (completed === orders) return;
      }
      throw new Error(`only ${completed} of ${orders} orders were completed within ${timeoutMs} ms`);
    },

    async readRows(table) {
      const rows = new Map<string, Record<string, unknown>>();
      const pages = paginateScan({ client: documents }, { TableName: `${tablePrefix}-${table}` });
      for await (const { Items = [] } of pages) for (const row of Items) rows.set(String(row['pk']), row);
      return rows;
    },

    readLedger: async () => (await (await fetch(new URL('/log', addresses.payments))).json()) as Ledger,

    readParcels: async () =>
      ((await (await fetch(new URL('/log', addresses.shipping))).json()) as { taken: readonly string[] }).taken,

    async readMails() {
      interface Mailbox {
        readonly emails: readonly { readonly headers: readonly { readonly value: string }[] }[];
      }
      const { emails } = (await (await fetch(new URL('/store', addresses.mail))).json()) as Mailbox;
      return emails.flatMap(({ headers }) => headers.map(({ value }) => value));
    },

    async readLastResorts() {
      const model = await connect(addresses.broker);
      const channel = await model.createChannel();
      const queues = [unroutedQueue, ...Object.values(consumers).map(({ name }) => deadLetterQueue(name))];
      const counts = await Promise.all(
        queues.map(async (queue) => [queue, (await channel.checkQueue(queue)).messageCount] as const),
      );
      await model.close();
      return Object.fromEntries(counts.filter(([, count]) => count > 0));
    },

    async close() {
      dynamo.destroy();
      await client.dispose();
    },
  };
}

/** Consumers whose cursors are behind a stream they follow, as `consumer stream@cursor<head`; none when all are done. */
export async function findLaggards(insight: Insight): Promise<readonly string[]> {
  const streams = await insight.readStreams();
  const laggards: string[] = [];
  for (const { name, categories } of Object.values(consumers)) {
    const rows = await insight.readRows(name.endsWith('-view') ? name : `cursors-${name}`);
    for (const [stream, events] of streams) {
      if (!categories.some((category) => category === categoryOf(stream))) continue;
      const cursor = Number(rows.get(stream)?.['revision'] ?? -1);
      if (cursor !== events.length - 1) laggards.push(`${name} ${stream}@${cursor}<${events.length - 1}`);
    }
  }
  return laggards;
}
