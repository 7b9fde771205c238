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
export async function expectAllApplied(insight: Insight, timeoutMs: number): Promise<void> {
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
export function expectStockAddsUp(streams: Streams): void {
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

/** Money was taken once for each shipped order and for no other; what was held and not taken was given back once. */
export async function expectMoneyAddsUp(insight: Insight, streams: Streams): Promise<void> {
  const { effects } = await insight.readLedger();
  const of = (kind: string) =>
    effects.filter((effect) => effect.kind === kind).map(({ orderId, amountMinor }) => `${orderId} ${amountMinor}`);
  const shipped = ofCategory(streams, 'order').flatMap(([, events]) => {
    const { orderId, totalMinor } = toOrder(events);
    return events.at(-1)?.type === 'OrderShipped' ? [`${orderId} ${totalMinor}`] : [];
  });
  expect(of('captured').toSorted()).toEqual(shipped.toSorted());
  expect([...of('captured'), ...of('voided')].toSorted()).toEqual(of('authorized').toSorted());
  expect(new Set(of('authorized')).size).toBe(of('authorized').length);
}

/** Each shipped order's parcel was handed over once, and no other. */
export async function expectParcelsAddUp(insight: Insight, streams: Streams): Promise<void> {
  const shipped = ofCategory(streams, 'order').filter(([, events]) => events.at(-1)?.type === 'OrderShipped');
  expect((await insight.readParcels()).toSorted()).toEqual(
    shipped.map(([, events]) => toOrder(events).orderId).toSorted(),
  );
}

/** The customer was told of every confirmation and of every end. */
export async function expectMailsAddUp(insight: Insight, streams: Streams): Promise<void> {
  const told = ['OrderConfirmed', 'OrderShipped', 'OrderRejected', 'OrderCancelled'];
  const news = ofCategory(streams, 'order').flatMap(([, events]) => events.filter(({ type }) => told.includes(type)));
  expect([...new Set(await insight.readMails())].toSorted()).toEqual(news.map(({ id }) => id as string).toSorted());
}

/** No event stands in the store twice, and every order was carried through to its end once. */
export function expectOnce(streams: Streams): void {
  const ids = [...streams.values()].flatMap((events) => events.map(({ id }) => id));
  expect(new Set(ids).size).toBe(ids.length);
  for (const [stream, events] of ofCategory(streams, 'fulfilment')) {
    const ends = events.filter(({ type }) => type === 'FulfilmentCompleted');
    expect([stream, ends.length, events.at(-1)?.type]).toEqual([stream, 1, 'FulfilmentCompleted']);
  }
}

/** All of the above. */
export async function expectProof(insight: Insight): Promise<void> {
  await expectAllApplied(insight, 30_000);
  const streams = await insight.readStreams();
  expectOnce(streams);
  expectStockAddsUp(streams);
  await expectViewsEqualFolds(insight, streams);
  await expectMoneyAddsUp(insight, streams);
  await expectParcelsAddUp(insight, streams);
  await expectMailsAddUp(insight, streams);
  expect(await insight.readLastResorts()).toEqual({});
}
