import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchGetCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** What a view was seen as, and when (as of `performance.now`). */
export interface Seen {
  readonly status: string;
  readonly atMs: number;
}

/** Sees orders become visible, for any number of clients, with one query at a time: watching costs the system little. */
export interface OrderWatch {
  /** Resolves when the order's view is seen in any status but `created`. */
  whenDecided(orderId: string): Promise<Seen>;
  /** Resolves when its view is seen as shipped, rejected or cancelled. */
  whenOver(orderId: string): Promise<Seen>;
  stop(): void;
}

const betweenQueriesMs = 10;
const maxKeys = 100;

const over: ReadonlySet<string> = new Set(['shipped', 'rejected', 'cancelled']);

interface Row {
  readonly pk: string;
  readonly view?: { readonly status: string };
}

/** @param table the order view's */
export function watchOrders(endpoint: string, table: string): OrderWatch {
  const client = new DynamoDBClient({
    endpoint,
    region: process.env['AWS_REGION'] ?? 'eu-central-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  const documents = DynamoDBDocumentClient.from(client);
  const pending = new Map<
    string,
    { readonly isIt: (status: string) => boolean; readonly resolve: (seen: Seen) => void }
  >();
  let stopped = false;

  const look = async (): Promise<void> => {
    const keys = [...pending.keys()].slice(0, maxKeys).map((pk) => ({ pk }));
    if (keys.length === 0) return;
    const { Responses } = await documents.send(
      new BatchGetCommand({ RequestItems: { [table]: { Keys: keys, ConsistentRead: true } } }),
    );
    for (const { pk, view } of (Responses?.[table] ?? []) as Row[]) {
      const status = view?.status;
      const waiter = pending.get(pk);
      if (status === undefined || !waiter?.isIt(status)) continue;
      pending.delete(pk);
      waiter.resolve({ status, atMs: performance.now() });
    }
  };
  void (async () => {
    while (!stopped) {
      await look();
      await sleep(betweenQueriesMs);
    }
    client.destroy();
  })();

  const when = (orderId: string, isIt: (status: string) => boolean): Promise<Seen> =>
    new Promise((resolve) => {
      pending.set(`order-${orderId}`, { isIt, resolve });
    });
  return {
    whenDecided: (orderId) => when(orderId, (status) => status !== 'created'),
    whenOver: (orderId) => when(orderId, (status) => over.has(status)),
    stop: () => {
      stopped = true;
    },
  };
}
