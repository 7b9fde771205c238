import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { EventStoreDBClient } from '@eventstore/db-client';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { consumers, publishedCategories } from '../../../shared/broker/topology.ts';
import { systemClock } from '../../../shared/kernel/clock.ts';
import { lazy } from '../../../shared/kernel/lazy.ts';
import { createDynamoLease } from '../../../shared/relay/dynamoLease.ts';
import { createEsdbEventStore } from '../../../shared/store/esdbEventStore.ts';
import { categoryOf, type EventStore, type Position } from '../../../shared/store/eventStore.ts';
import { newEvent } from '../../../shared/testing/builders.ts';
import { toClientConfig } from '../dynamo/clientConfig.ts';
import { createTables } from '../dynamo/createTables.ts';
import { startDynamo } from '../dynamo/startDynamo.ts';
import { startEventStore } from '../eventStore/startEventStore.ts';
import type { RunningServer } from '../program.ts';
import { findLostKeys } from './lostKeys.ts';
import { requireSameStore, requireStoreOf } from './sameStore.ts';
import { setRelayBack, tellAgain } from './tellAgain.ts';
import { findUnapplied } from './unapplied.ts';

const prefix = 'test';

let eventStore: RunningServer;
let dynamo: RunningServer;
let client: EventStoreDBClient;
let store: EventStore;
let documents: DynamoDBDocumentClient;

beforeEach(async () => {
  [eventStore, dynamo] = await Promise.all([startEventStore(), startDynamo()]);
  await createTables(dynamo.url, prefix);
  client = EventStoreDBClient.connectionString(eventStore.url);
  store = createEsdbEventStore(lazy(() => client));
  documents = DynamoDBDocumentClient.from(new DynamoDBClient(toClientConfig(dynamo.url)));
});
afterEach(async () => {
  documents.destroy();
  await client.dispose();
  await Promise.all([eventStore.stop(), dynamo.stop()]);
});

const addresses = () => ({ eventStore: eventStore.url, dynamo: dynamo.url });

/** Where each event stands, by `stream@revision`, in the order of the store. */
async function write(...streams: readonly string[]): Promise<ReadonlyMap<string, Position>> {
  const revisions = new Map<string, number>();
  for (const stream of streams) {
    const revision = (revisions.get(stream) ?? -1) + 1;
    revisions.set(stream, revision);
    await store.append(stream, [newEvent(stream, { revision })], revision === 0 ? 'no-stream' : BigInt(revision - 1));
  }
  const positions = new Map<string, Position>();
  const done = new AbortController();
  for await (const batch of store.readAll({ categories: ['order', 'stock'], signal: done.signal })) {
    for (const item of batch) {
      if (item.kind === 'event') positions.set(`${item.event.stream}@${item.event.revision}`, item.position);
      if (item.kind === 'caught-up') done.abort();
    }
  }
  return positions;
}

/** Every consumer that follows the stream has applied it up to here; but for the one that is named. */
async function apply(stream: string, revision: number, except?: { consumer: string; row?: object }): Promise<void> {
  for (const { name, categories } of Object.values(consumers)) {
    if (!categories.some((category) => category === categoryOf(stream))) continue;
    const row = name === except?.consumer ? except.row : { revision, status: 'ready' };
    const TableName = `${prefix}-${name.endsWith('-view') ? name : `cursors-${name}`}`;
    if (row) await documents.send(new PutCommand({ TableName, Item: { pk: stream, ...row } }));
  }
}

const newLease = (owner: string) =>
  createDynamoLease(documents, {
    table: `${prefix}-relay`,
    owner,
    categories: publishedCategories,
    clock: systemClock,
  });

test('where everybody has applied everything, there is nothing to tell', async () => {
  expect(await findUnapplied(addresses(), prefix)).toBe('nothing to tell');

  await write('order-1', 'stock-mug', 'order-1');
  await apply('order-1', 1);
  await apply('stock-mug', 0);

  expect(await findUnapplied(addresses(), prefix)).toBe('nothing to tell');
});

test('it begins before the first event that one consumer lacks, were it the last of many', async () => {
  const positions = await write('order-1', 'stock-mug', 'order-1', 'order-2', 'order-1');
  await apply('order-1', 2, { consumer: 'order-view', row: { revision: 0, status: 'ready' } });
  await apply('stock-mug', 0);
  await apply('order-2', 0, { consumer: 'order-processing' });

  expect(await findUnapplied(addresses(), prefix)).toEqual({ after: positions.get('stock-mug@0') });
  await apply('order-1', 2);
  expect(await findUnapplied(addresses(), prefix)).toEqual({ after: positions.get('order-1@1') });
  await apply('order-1', -1);
  expect(await findUnapplied(addresses(), prefix)).toBe('beginning');
});

test('a blocked stream waits for a person, one that waits for a retry is told', async () => {
  const positions = await write('stock-mug', 'order-1');
  await apply('stock-mug', 0);
  await apply('order-1', 0, { consumer: 'order-view', row: { revision: -1, status: 'blocked' } });
  expect(await findUnapplied(addresses(), prefix)).toBe('nothing to tell');

  await apply('order-1', 0, { consumer: 'order-view', row: { revision: -1, status: 'waiting' } });
  expect(await findUnapplied(addresses(), prefix)).toEqual({ after: positions.get('stock-mug@0') });
});

test('the relay that runs loses its lease, and the next one begins where it was set back to', async () => {
  const positions = await write('stock-mug', 'order-1', 'order-2');
  const [first, , third] = [...positions.values()];
  const held = await newLease('one').tryAcquire();
  await held?.renew(third, undefined);
  await apply('stock-mug', 0);

  await tellAgain(addresses(), prefix);

  expect(await held?.renew(third, undefined)).toBe(false);
  const next = await newLease('two').tryAcquire();
  expect(next?.position).toEqual(first);
  expect(next?.fencing).toBeGreaterThan(held?.fencing ?? 0);
});

test('a checkpoint is set back to the beginning, and never forward', async () => {
  const positions = await write('order-1', 'order-2');
  const [first, second] = [...positions.values()];
  if (!first || !second) throw new Error('nothing was written');
  const held = await newLease('one').tryAcquire();
  await held?.renew(first, undefined);

  await setRelayBack(dynamo.url, prefix, { after: second });
  const next = await newLease('two').tryAcquire();
  expect(next?.position).toEqual(first);
  await setRelayBack(dynamo.url, prefix, 'nothing to tell');
  expect((await newLease('three').tryAcquire())?.position).toEqual(first);
  await setRelayBack(dynamo.url, prefix, 'beginning');
  expect((await newLease('four').tryAcquire())?.position).toBeUndefined();
});

test('before the first relay there is nothing to set back', async () => {
  await setRelayBack(dynamo.url, prefix, 'beginning');

  expect(await newLease('one').tryAcquire()).toMatchObject({ fencing: 1 });
});

test('tables whose cursors are ahead of the store are refused, with what to do; tables that are behind are not', async () => {
  await write('order-1', 'order-1');
  await requireSameStore(addresses(), prefix);
  await apply('order-1', 0);
  await requireSameStore(addresses(), prefix);

  await apply('order-1', 2);
  await expect(requireSameStore(addresses(), prefix)).rejects.toThrow(
    /^the tables belong to another event store: test-\S+ has read order-1 up to revision 2, the event store at esdb:\S+ has it up to 1: begin with new tables/,
  );
  await expect(requireSameStore(addresses(), prefix, 'put it back')).rejects.toThrow(/has it up to 1: put it back$/);
  await apply('order-9', 0);
  await expect(requireSameStore(addresses(), prefix)).rejects.toThrow('belong to another event store');
});

test('messages beside an empty store are refused, beside one with events they are not', async () => {
  const all = { eventStore: eventStore.url, broker: 'amqp://guest:guest@127.0.0.1:5672' };
  const waiting = new Map([
    ['inventory.0', 1],
    ['order-view.0', 2],
  ]);
  const refusal = requireStoreOf(waiting, all);
  await expect(refusal).rejects.toThrow(
    /^the messages belong to another event store: 3 messages wait at amqp:\/\/127\.0\.0\.1:5672, and the event store at esdb:\S+ is empty: give/,
  );
  await expect(refusal).rejects.toThrow(
    "no use any more: for q in inventory.0 order-view.0; do rabbitmqctl -p '/' purge_queue $q; done (npm run broker",
  );

  await write('order-1');
  await requireStoreOf(waiting, all);
});

test("a store with orders beside tables without any customer's key is warned of; one without orders is not", async () => {
  await write('stock-mug');
  expect(await findLostKeys(addresses(), prefix)).toBeUndefined();

  await write('order-1');
  expect(await findLostKeys(addresses(), prefix)).toMatch(
    /^the event store holds orders, but test-customer-keys no customer's key: .* or a new store$/,
  );
  // An erased customer's row says that these are the tables.
  await documents.send(new PutCommand({ TableName: `${prefix}-customer-keys`, Item: { pk: 'c-1', isErased: true } }));
  expect(await findLostKeys(addresses(), prefix)).toBeUndefined();
});
