import { setTimeout as sleep } from 'node:timers/promises';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchGetCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** Sees orders become visible, for any number of clients, with one query at a time: watching costs the system little. */
export interface OrderWatch {
  /** Resolves with the time (as of `performance.now`) at which the order's view was seen as confirmed or shipped. */
  whenConfirmed(orderId: string): Promise<number>;
  stop(): void;
}

const betweenQueriesMs = 10;
const maxKeys = 100;

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
  const pending = new Map<string, { resolve: (atMs: number) => void; reject: (error: Error) => void }>();
  let stopped = false;

  const look = async (): Promise<void> => {
    const keys = [...pending.keys()].slice(0, maxKeys).map((pk) => ({ pk }));
    if (keys.length === 0) return;
    const { Responses } = await documents.send(
      new BatchGetCommand({ RequestItems: { [table]: { Keys: keys, ConsistentRead: true } } }),
    );
    for (const { pk, view } of (Responses?.[table] ?? []) as Row[]) {
      const status = view?.status;
      if (status === undefined || status === 'created') continue;
      const waiter = pending.get(pk);
      pending.delete(pk);
      if (status === 'confirmed' || status === 'shipped') waiter?.resolve(performance.now());
      else waiter?.reject(new Error(`${pk} became ${status}`));
    }
  };
  void (async () => {
    while (!stopped) {
      await look();
      await sleep(betweenQueriesMs);
    }
    client.destroy();
  })();

  return {
    whenConfirmed: (orderId) =>
      new Promise((resolve, reject) => {
        pending.set(`order-${orderId}`, { resolve, reject });
      }),
    stop: () => {
      stopped = true;
    },
  };
}
