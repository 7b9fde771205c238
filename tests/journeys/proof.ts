import { expect } from '@jest/globals';
import { projectOrder } from '../../shared/readModels/orderView.ts';
import { projectStock } from '../../shared/readModels/stockView.ts';
import type { StoredEvent } from '../../shared/store/eventStore.ts';
import { findLaggards, type Insight } from './insight.ts';

type Streams = ReadonlyMap<string, readonly StoredEvent[]>;

/** What the order in this stream asked for. */
function toOrder(events: readonly StoredEvent[]) {
  const [created] = events;
  return created?.data as { orderId: string; totalMinor: number; lines: readonly { sku: string; quantity: number }[] };
}

const ofCategory = (streams: Streams, category: string) =>
  [...streams].filter(([name]) => name.startsWith(`${category}-`));

const quantities = (events: readonly StoredEvent[], type: string): number =>
  events
    .filter((event) => event.type === type)
    .reduce((sum, { data }) => sum + (data as { quantity: number }).quantity, 0);

/** Waits until every consumer has applied everything; fails naming those that have not. */
async function expectAllApplied(insight: Insight, timeoutMs: number): Promise<void> {
  const deadline = performance.now() + timeoutMs;
  let laggards = await findLaggards(insight);
  while (laggards.length > 0 && performance.now() < deadline) laggards = await findLaggards(insight);
  expect(laggards).toEqual([]);
}

/** Each view is what its stream adds up to, at its stream's newest revision, and there is no view without a stream. */
export async function expectViewsEqualFolds(insight: Insight, streams: Streams): Promise<void> {
  for (const [category, table, project] of [
    ['order', 'order-view', projectOrder],
    ['stock', 'stock-view', projectStock],
  ] as const) {
    const rows = await insight.readRows(table);
    const expected = ofCategory(streams, category).map(([stream, events]) => {
      const fold = project as (view: unknown, event: StoredEvent) => unknown;
      return [stream, events.length - 1, events.reduce<unknown>((view, event) => fold(view, event), undefined)];
    });
    const actual = expected.map(([stream]) => {
      const row = rows.get(stream as string);
      return [stream, row?.['revision'], row?.['view']];
    });
    expect(actual).toEqual(expected);
    expect(rows.size).toBe(expected.length);
  }
}

/** What came in is on the shelf or has left with a shipped order; nothing stays reserved; nothing is promised twice. */
function expectStockAddsUp(streams: Streams): void {
  const shipped = new Map<string, number>();
  for (const [, events] of ofCategory(streams, 'order')) {
    if (events.at(-1)?.type !== 'OrderShipped') continue;
    for (const { sku, quantity } of toOrder(events).lines) shipped.set(sku, (shipped.get(sku) ?? 0) + quantity);
  }
  for (const [stream, events] of ofCategory(streams, 'stock')) {
    const received = quantities(events, 'StockReceived');
    const reserved = quantities(events, 'StockReserved');
    const dispatched = quantities(events, 'StockDispatched');
    const released = quantities(events, 'StockReleased');
    expect([stream, dispatched]).toEqual([stream, shipped.get(stream.slice('stock-'.length)) ?? 0]);
    expect([stream, reserved]).toEqual([stream, dispatched + released]);
    expect(received - dispatched).toBeGreaterThanOrEqual(0);
    const reservations = events
      .filter(({ type }) => type === 'StockReserved')
      .map(({ data }) => (data as { orderId: string }).orderId);
    expect(new Set(reservations).size).toBe(reservations.length);
  }
}

/** What the books of the provider call what happened to an order's money. */
const kinds: Readonly<Record<string, string>> = {
  PaymentAuthorized: 'authorized',
  PaymentCaptured: 'captured',
  PaymentVoided: 'voided',
};

/**
 * Money was held and then taken, each once and the whole, for each shipped order; for any other it was held and then given
 * back, or never held. What the store says of it is what is in the provider's books, in that order.
 */
async function expectMoneyAddsUp(insight: Insight, streams: Streams): Promise<void> {
  const { effects } = await insight.readLedger();
  const books = Map.groupBy(effects, ({ orderId }) => orderId);
  const orders = ofCategory(streams, 'order').map(([, events]) => ({
    ...toOrder(events),
    isShipped: events.at(-1)?.type === 'OrderShipped',
  }));
  for (const { orderId, totalMinor, isShipped } of orders) {
    const moved = (books.get(orderId) ?? []).map(({ kind, amountMinor }) => `${kind} ${amountMinor}`);
    const recorded = (streams.get(`payment-${orderId}`) ?? []).flatMap(({ type, data }) =>
      kinds[type] ? [`${kinds[type]} ${(data as { amountMinor: number }).amountMinor}`] : [],
    );
    const givenBack = moved.length === 0 ? [] : [`authorized ${totalMinor}`, `voided ${totalMinor}`];
    const expected = isShipped ? [`authorized ${totalMinor}`, `captured ${totalMinor}`] : givenBack;
    expect([orderId, moved, recorded]).toEqual([orderId, expected, expected]);
  }
  const known = new Set(orders.map(({ orderId }) => orderId));
  expect([...books.keys()].filter((orderId) => !known.has(orderId))).toEqual([]);
}

/** Each shipped order's parcel was handed over once, and no other. */
async function expectParcelsAddUp(insight: Insight, streams: Streams): Promise<void> {
  const shipped = ofCategory(streams, 'order').filter(([, events]) => events.at(-1)?.type === 'OrderShipped');
  expect((await insight.readParcels()).toSorted()).toEqual(
    shipped.map(([, events]) => toOrder(events).orderId).toSorted(),
  );
}

/** Mails again: a run that dies between the mail service's answer and its own note of it sends a second one. */
export type MailsAgain = 'never' | 'after a crash';

/** The customer was told of every confirmation and of every end, of each once, and in order. */
async function expectMailsAddUp(insight: Insight, streams: Streams, again: MailsAgain): Promise<void> {
  const told = ['OrderConfirmed', 'OrderShipped', 'OrderRejected', 'OrderCancelled'];
  const mails = await insight.readMails();
  let known = 0;
  for (const [stream, events] of ofCategory(streams, 'order')) {
    const news = events.flatMap(({ id, type }) => (told.includes(type) ? [id as string] : []));
    const sent = mails.filter((id) => news.includes(id));
    known += sent.length;
    const heard = again === 'never' ? sent : sent.filter((id, n) => id !== sent[n - 1]);
    expect([stream, heard]).toEqual([stream, news]);
  }
  expect(mails.length).toBe(known);
}

/** What an order's streams are when all is over: each fact once, and none that its predecessors rule out. */
const histories = {
  order: [
    /^OrderCreated (OrderConfirmed )?(OrderRejected|OrderCancelled)$/,
    /^OrderCreated OrderConfirmed OrderReleased (OrderShipped|OrderRejected)$/,
  ],
  payment: [/^PaymentDeclined$/, /^PaymentAuthorized (PaymentCaptured|PaymentVoided)$/],
  shipment: [/^ShipmentFailed$/, /^ShipmentCreated ShipmentDispatched$/],
  fulfilment: [/^FulfilmentStarted ((?!FulfilmentStarted|FulfilmentCompleted)\w+ )+FulfilmentCompleted$/],
} as const;

const outcomes: Readonly<Record<string, string>> = {
  OrderShipped: 'shipped',
  OrderRejected: 'rejected',
  OrderCancelled: 'cancelled',
};

/** No event stands in the store twice, and every order was carried through to its end once: the one that it says itself. */
function expectOnce(streams: Streams): void {
  const ids = [...streams.values()].flatMap((events) => events.map(({ id }) => id));
  expect(new Set(ids).size).toBe(ids.length);
  for (const [category, allowed] of Object.entries(histories)) {
    for (const [stream, events] of ofCategory(streams, category)) {
      const history = events.map(({ type }) => type).join(' ');
      const isAllowed = allowed.some((way) => way.test(history));
      expect([stream, history, isAllowed]).toEqual([stream, history, true]);
    }
  }
  const ends = (category: string) =>
    ofCategory(streams, category).map(([stream, events]) => {
      const { type = '', data = {} } = events.at(-1) ?? {};
      return [stream.slice(category.length + 1), outcomes[type] ?? (data as { outcome?: string }).outcome].join(' ');
    });
  expect(ends('fulfilment').toSorted()).toEqual(ends('order').toSorted());
}

/** All of the above; `timeoutMs` for what is still being applied. */
export async function expectProof(insight: Insight, mailsAgain: MailsAgain, timeoutMs = 30_000): Promise<void> {
  await expectAllApplied(insight, timeoutMs);
  const streams = await insight.readStreams();
  expectOnce(streams);
  expectStockAddsUp(streams);
  await expectViewsEqualFolds(insight, streams);
  await expectMoneyAddsUp(insight, streams);
  await expectParcelsAddUp(insight, streams);
  await expectMailsAddUp(insight, streams, mailsAgain);
  expect(await insight.readLastResorts()).toEqual({});
}
