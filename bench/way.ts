/**
 * The whole business on the whole local stack: orders of one and of several lines, declined cards, what is sold out, and
 * customers who change their minds; from the command sent to what has become of it seen in its view.
 */
import { parseSettings } from '../infra/local/stack/settings.ts';
import { startStack } from '../infra/local/stack/startStack.ts';
import type { BenchResult } from './run.ts';
import { type Kind, kindOf, missingSku, priceMinorOf, skus, skusOf, unluckySku } from './way/mix.ts';
import { type OrderWatch, watchOrders } from './way/orderWatch.ts';
import { percentile, round } from './way/percentiles.ts';
import { measureStages, type TimedOrder } from './way/stages.ts';
import { createWaybillClient, type WaybillClient } from './way/waybillClient.ts';

const loads = [
  { clients: 1, orders: 60 },
  { clients: 8, orders: 240 },
  { clients: 32, orders: 480 },
] as const;
const sampled = 40;

interface Load {
  readonly clients: number;
  readonly orders: number;
}

/** One order as its client saw it. */
interface DoneOrder extends TimedOrder {
  readonly kind: Kind;
  readonly overAtMs: number;
}

/** How an order of each kind ends: the bench is no measure of a system that is wrong. */
const endOf: Readonly<Record<Kind, readonly string[]>> = {
  'one line': ['shipped'],
  'three lines': ['shipped'],
  'declined card': ['rejected'],
  'sold out': ['rejected'],
  // Refused when shipping has it already.
  cancelled: ['cancelled', 'shipped'],
};

/** Each client sends its next order when it has seen what has become of the last one: confirmed, rejected or cancelled. */
async function runLoad(client: WaybillClient, watch: OrderWatch, { clients, orders }: Load): Promise<DoneOrder[]> {
  const done: Promise<DoneOrder>[] = [];
  let next = 0;
  const runClient = async (): Promise<void> => {
    while (next < orders) {
      const n = next;
      next += 1;
      const kind = kindOf(n);
      const sentAtMs = Date.now();
      const orderId = await client.placeOrder(skusOf(kind, n));
      const acceptedAtMs = Date.now();
      if (kind === 'cancelled') await client.cancelOrder(orderId);
      const decided = await watch.whenDecided(orderId);
      const visibleAtMs = decided.atMs + performance.timeOrigin;
      done.push(
        watch.whenOver(orderId).then(({ status, atMs }) => {
          if (!endOf[kind].includes(status)) throw new Error(`order ${orderId} (${kind}) ended ${status}`);
          return { orderId, kind, sentAtMs, acceptedAtMs, visibleAtMs, overAtMs: atMs + performance.timeOrigin };
        }),
      );
    }
  };
  await Promise.all(Array.from({ length: clients }, runClient));
  return Promise.all(done);
}

const isConfirmed = ({ kind }: DoneOrder): boolean => kind === 'one line' || kind === 'three lines';

/** Milliseconds of one kind of time, at three places. */
const spread = (name: string, values: readonly number[]): Readonly<Record<string, number>> => ({
  [`${name}P50Ms`]: percentile(values, 0.5),
  [`${name}P95Ms`]: percentile(values, 0.95),
  [`${name}P99Ms`]: percentile(values, 0.99),
});

export async function run(): Promise<BenchResult> {
  const startedMs = performance.now();
  const stack = await startStack({ settings: parseSettings({ ...process.env, PORT: '0' }) });
  const readyMs = performance.now() - startedMs;
  const client = await createWaybillClient(stack.url);
  const watch = watchOrders(stack.addresses.dynamo, `${stack.tablePrefix}-order-view`);
  const figures: Record<string, number> = { startUpMs: Math.round(readyMs) };
  const ordersPerSecond = new Map<number, number>();
  try {
    for (const sku of [...skus, unluckySku, missingSku]) await client.putProduct(sku, priceMinorOf(sku));
    for (const sku of [...skus, unluckySku]) await client.receiveStock(sku, 1_000_000);
    // Workers start with their first invocations: that is start-up, not the way.
    await runLoad(client, watch, { clients: 32, orders: 96 });

    console.log('                    command answered, ms       confirmed and visible, ms     over, ms');
    console.log('clients  orders/s     p50     p95     p99         p50     p95     p99         p50');
    for (const load of loads) {
      const fromMs = performance.now();
      const orders = await runLoad(client, watch, load);
      const rate = (orders.length / (performance.now() - fromMs)) * 1_000;
      ordersPerSecond.set(load.clients, rate);
      const command = orders.map(({ sentAtMs, acceptedAtMs }) => acceptedAtMs - sentAtMs);
      const confirmed = orders.filter(isConfirmed);
      const visible = confirmed.map(({ sentAtMs, visibleAtMs }) => visibleAtMs - sentAtMs);
      const over = orders.map(({ sentAtMs, overAtMs }) => overAtMs - sentAtMs);
      const row = {
        ...spread('command', command),
        ...spread('confirmed', visible),
        overP50Ms: percentile(over, 0.5),
      };
      const cells = Object.values(row).map((value, n) =>
        Math.round(value)
          .toString()
          .padStart(n % 3 === 0 && n > 0 ? 12 : 8),
      );
      console.log(`${load.clients.toString().padStart(7)} ${round(rate).toString().padStart(9)}${cells.join('')}`);
      figures[`ordersPerSecond${load.clients}`] = round(rate);
      for (const [name, value] of Object.entries(row)) figures[`${name}${load.clients}`] = round(value);

      const stages = await measureStages(stack.addresses.eventStore, confirmed.slice(-sampled));
      for (const [stage, ms] of stages) console.log(`          ${stage.padEnd(40)} ${ms} ms`);
      for (const [stage, ms] of stages) figures[`${toCamelCase(stage)}Ms${load.clients}`] = ms;
    }
  } finally {
    watch.stop();
    await stack.stop();
  }
  const rate = (clients: number): number => ordersPerSecond.get(clients) ?? Number.NaN;
  return {
    figures,
    ratios: { speedUp8: round(rate(8) / rate(1)), speedUp32: round(rate(32) / rate(1)) },
  };
}

const toCamelCase = (words: string): string =>
  words.replaceAll(/\W+(\w)/g, (_, letter: string) => letter.toUpperCase()).replaceAll(/\W/g, '');
