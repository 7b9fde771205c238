import { EventStoreDBClient } from '@eventstore/db-client';
import { percentile, round } from './percentiles.ts';

/** One order as its client saw it; times as of `Date.now`. */
export interface TimedOrder {
  readonly orderId: string;
  readonly sentAtMs: number;
  readonly acceptedAtMs: number;
  readonly visibleAtMs: number;
}

/** Marks on the way from command to visible effect, in order, and the streams that carry them. */
const marks = [
  ['OrderCreated', 'order', 'command to OrderCreated'],
  ['FulfilmentStarted', 'fulfilment', 'relay, queue, process manager starts'],
  ['StockReservationAccepted', 'fulfilment', 'stock: asked, reserved, noted'],
  ['PaymentAuthorizationAccepted', 'fulfilment', 'payment: asked, authorised, noted'],
  ['OrderConfirmed', 'order', 'order: asked, confirmed'],
] as const;

/** Where the time goes: the median of each stage, in milliseconds, over these orders. */
export async function measureStages(
  eventStoreUrl: string,
  orders: readonly TimedOrder[],
): Promise<Map<string, number>> {
  const client = EventStoreDBClient.connectionString(eventStoreUrl);
  const durations = new Map<string, number[]>();
  const note = (stage: string, ms: number): void => {
    durations.set(stage, [...(durations.get(stage) ?? []), ms]);
  };
  for (const { orderId, sentAtMs, visibleAtMs } of orders) {
    const times = new Map<string, number>();
    for (const category of ['order', 'fulfilment'] as const) {
      for await (const { event } of client.readStream(`${category}-${orderId}`)) {
        if (event && !times.has(event.type)) times.set(event.type, event.created.getTime());
      }
    }
    let fromMs = sentAtMs;
    for (const [type, , stage] of marks) {
      const atMs = times.get(type);
      if (atMs === undefined) continue;
      note(stage, atMs - fromMs);
      fromMs = atMs;
    }
    note('view: seen as confirmed', visibleAtMs - fromMs);
  }
  await client.dispose();
  return new Map([...durations].map(([stage, values]) => [stage, round(percentile(values, 0.5))]));
}
