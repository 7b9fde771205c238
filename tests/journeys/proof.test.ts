/** The proof is proved: whatever is taken from, doubled in or put out of order of a finished world, it is found. */
import { beforeAll, expect, test } from '@jest/globals';
import { createHandler as createPlace } from '../../functions/http/placeOrder/handler.ts';
import { createHandler as createReceive } from '../../functions/http/receiveStock/handler.ts';
import type { Product } from '../../shared/domain/catalogue/index.ts';
import { silentLogger } from '../../shared/observe/logger.ts';
import type { StoredEvent } from '../../shared/store/eventStore.ts';
import { createChance } from '../../shared/testing/chance.ts';
import { recipient } from '../../shared/testing/personal.ts';
import { calm } from '../simulation/hazard.ts';
import { readStreams } from '../simulation/streams.ts';
import { createWorld } from '../simulation/world.ts';
import type { Insight, Ledger } from './insight.ts';
import { expectProof, type MailsAgain } from './proof.ts';

const products = new Map<string, Product>(
  (
    [
      ['mug', 1250],
      ['rare', 9900],
      ['unlucky', 4013],
      ['bulky', 7000],
    ] as const
  ).map(([sku, priceMinor]) => [sku, { sku, name: sku, priceMinor, currency: 'EUR' }]),
);
const context = { correlationId: 'simulation' };

/** What there is to look at, to be tampered with. */
interface Seen {
  readonly streams: Map<string, StoredEvent[]>;
  /** By table, then by stream. */
  readonly rows: Map<string, Map<string, Record<string, unknown>>>;
  readonly effects: Ledger['effects'][number][];
  readonly parcels: string[];
  readonly mails: string[];
  readonly lastResorts: Record<string, number>;
}

let world: ReturnType<typeof createWorld>;
let seen: Seen;

/** Two orders that are shipped, and one each that is out of stock, declined by the provider, declined by the carrier. */
beforeAll(async () => {
  world = createWorld(createChance(1), calm);
  const { truth: store, clock, personal, snapshots } = world;
  for (const sku of products.keys()) {
    const request = { callerId: 'dock', sku, quantity: sku === 'rare' ? 1 : 10, idempotencyKey: 'delivery-1' };
    await createReceive({ store, clock, snapshots, logger: silentLogger })(request, context);
  }
  const place = createPlace({ store, clock, personal, products: { find: async () => products } });
  for (const [sku, quantity] of Object.entries({ mug: 2, bulky: 1, unlucky: 1, rare: 2 })) {
    for (const n of sku === 'mug' ? [1, 2] : [1]) {
      const request = { customerId: 'c-1', recipient, idempotencyKey: `${sku}-${n}`, lines: [{ sku, quantity }] };
      await place(request, context);
    }
  }
  await world.settle();

  const streams = await readStreams(world.truth);
  const rows: Seen['rows'] = new Map();
  for (const [name, table] of Object.entries(world.tables)) {
    const of = await table.load([...streams.keys()]);
    const key = name.endsWith('-view') ? name : `cursors-${name}`;
    const plain = [...of].map(([stream, row]) => [stream, { ...row, revision: Number(row.revision) }] as const);
    rows.set(key, new Map(plain));
  }
  seen = {
    streams: new Map([...streams].map(([stream, events]) => [stream, [...events]])),
    rows,
    effects: [...world.gateway.effects],
    parcels: [...world.carrier.taken],
    mails: world.mailbox.mails.map(({ eventId }) => eventId),
    lastResorts: {},
  };
});

const look = (of: Seen): Insight => ({
  readStreams: async () => of.streams,
  readRows: async (table) => of.rows.get(table) ?? new Map(),
  readLedger: async () => ({ asked: [], effects: of.effects }),
  readParcels: async () => of.parcels,
  readMails: async () => of.mails,
  readLastResorts: async () => of.lastResorts,
  untilCompleted: async () => undefined,
  close: async () => undefined,
});

/** Proves a world as it was left, but for this. */
async function prove(tamper: (seen: Seen) => void, again: MailsAgain = 'never'): Promise<void> {
  const copy = structuredClone(seen);
  tamper(copy);
  await expectProof(look(copy), again, 0);
}

test('a world that ended as it should is proved', async () => {
  expect(seen.effects.map(({ kind }) => kind).toSorted()).toEqual([
    ...['authorized', 'authorized', 'authorized'],
    ...['captured', 'captured', 'voided'],
  ]);
  expect(seen.streams.size).toBeGreaterThan(15);
  await prove(() => undefined);
  await prove(() => undefined, 'after a crash');
});

/** The stream in which this happened first, and where. */
function find({ streams }: Seen, type: string): { readonly events: StoredEvent[]; readonly at: number } {
  for (const events of streams.values()) {
    const at = events.findIndex((event) => event.type === type);
    if (at !== -1) return { events, at };
  }
  throw new Error(`no ${type}`);
}
const swap = (items: unknown[], a: number, b: number): void => {
  [items[a], items[b]] = [items[b], items[a]];
};
/** As if it had always been so: every consumer has applied what the stream is now, and the views show it. */
const applyAll = ({ streams, rows }: Seen): void => {
  for (const table of rows.values())
    for (const [stream, row] of table) row['revision'] = (streams.get(stream)?.length ?? 0) - 1;
};
const repeat = (at: Seen, type: string, id = 'another'): void => {
  const { events, at: index } = find(at, type);
  events.splice(index + 1, 0, { ...events[index], id } as StoredEvent);
  applyAll(at);
};
const drop = (at: Seen, type: string): void => {
  const { events, at: index } = find(at, type);
  events.splice(index, 1);
  applyAll(at);
};
const indexOf = ({ effects }: Seen, kind: string): number => effects.findIndex((effect) => effect.kind === kind);

test.each<[string, (seen: Seen) => void]>([
  ['a mail was sent twice', ({ mails }) => mails.push(mails[0] as string)],
  ['a mail was not sent', ({ mails }) => mails.pop()],
  ['mails were sent in the wrong order', ({ mails }) => mails.reverse()],
  ['a mail was sent about nothing', ({ mails }) => mails.push('nothing')],
  ['money was taken twice', (at) => at.effects.push(at.effects[indexOf(at, 'captured')] as never)],
  ['money was held twice', (at) => at.effects.unshift(at.effects[indexOf(at, 'authorized')] as never)],
  ['money was taken before it was held', ({ effects }) => effects.reverse()],
  ['money was never given back', (at) => at.effects.splice(indexOf(at, 'voided'), 1)],
  ['money was taken of nobody', ({ effects }) => effects.push({ kind: 'captured', orderId: 'x', amountMinor: 1 })],
  [
    'another amount was taken',
    (at) => {
      const index = indexOf(at, 'captured');
      at.effects[index] = { ...(at.effects[index] as Ledger['effects'][number]), amountMinor: 1 };
    },
  ],
  ['a payment was recorded twice', (at) => repeat(at, 'PaymentCaptured')],
  ['a payment was not recorded', (at) => drop(at, 'PaymentCaptured')],
  ['a parcel was handed over twice', ({ parcels }) => parcels.push(parcels[0] as string)],
  ['a parcel was not handed over', ({ parcels }) => parcels.pop()],
  ['a parcel left twice', (at) => repeat(at, 'ShipmentDispatched')],
  ['an order was confirmed twice', (at) => repeat(at, 'OrderConfirmed')],
  ['an order was created twice', (at) => repeat(at, 'OrderCreated')],
  ['an event stands in the store twice', (at) => repeat(at, 'StockReceived', find(at, 'StockReceived').events[0]?.id)],
  ['an order was shipped without being released', (at) => drop(at, 'OrderReleased')],
  ['an order never ended', (at) => drop(at, 'OrderShipped')],
  ['a way began twice', (at) => repeat(at, 'FulfilmentStarted')],
  ['a way ended twice', (at) => repeat(at, 'FulfilmentCompleted')],
  [
    'a way ended otherwise than its order',
    (at) => {
      const { events, at: index } = find(at, 'FulfilmentCompleted');
      const event = events[index] as StoredEvent;
      events[index] = { ...event, data: { ...(event.data as object), outcome: 'cancelled' } };
    },
  ],
  [
    'a way never began',
    ({ streams, rows }) => {
      const stream = [...streams.keys()].find((name) => name.startsWith('fulfilment-')) as string;
      streams.delete(stream);
      for (const table of rows.values()) table.delete(stream);
    },
  ],
  ['facts of an order are in the wrong order', (at) => swap(find(at, 'OrderConfirmed').events, 1, 2)],
  ['stock was reserved twice', (at) => repeat(at, 'StockReserved')],
  ['stock was never given back', (at) => drop(at, 'StockReleased')],
  ['stock left twice', (at) => repeat(at, 'StockDispatched')],
  ['a consumer is behind', ({ rows }) => [...rows.values()].map((table) => table.clear())],
  [
    'a view shows something else',
    ({ rows }) => {
      for (const row of rows.get('order-view')?.values() ?? []) row['view'] = { ...(row['view'] as object), extra: 1 };
    },
  ],
  ['a message was put aside', ({ lastResorts }) => Object.assign(lastResorts, { unrouted: 1 })],
])('it is found that %s', async (_, tamper) => {
  await expect(prove(tamper)).rejects.toThrow('expect');
});

test('after a crash a mail may be there twice, but in order and not left out', async () => {
  const { events, at } = find(seen, 'OrderConfirmed');
  const confirmed = events[at]?.id as string;
  const index = seen.mails.indexOf(confirmed);
  await prove(({ mails }) => mails.splice(index, 0, confirmed), 'after a crash');
  await expect(prove(({ mails }) => mails.push(confirmed), 'after a crash')).rejects.toThrow('expect');
  await expect(prove(({ mails }) => mails.splice(index, 1), 'after a crash')).rejects.toThrow('expect');
});
