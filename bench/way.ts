/** The whole way on the whole local stack: from the command sent to the order seen as confirmed in its view. */
import { parseSettings } from '../infra/local/stack/settings.ts';
import { startStack } from '../infra/local/stack/startStack.ts';
import type { BenchResult } from './run.ts';
import { type OrderWatch, watchOrders } from './way/orderWatch.ts';
import { percentile, round } from './way/percentiles.ts';
import { measureStages, type TimedOrder } from './way/stages.ts';
import { createWaybillClient, type WaybillClient } from './way/waybillClient.ts';

const loads = [
  { clients: 1, orders: 60 },
  { clients: 8, orders: 240 },
  { clients: 32, orders: 480 },
] as const;
const skus = Array.from({ length: 10 }, (_, n) => `bench-${n}`);
const sampled = 40;

interface Load {
  readonly clients: number;
  readonly orders: number;
}

/** Each client places its next order when it has seen the last one confirmed. */
async function runLoad(client: WaybillClient, watch: OrderWatch, { clients, orders }: Load): Promise<TimedOrder[]> {
  const done: TimedOrder[] = [];
  let next = 0;
  const runClient = async (): Promise<void> => {
    while (next < orders) {
      const sku = skus[next++ % skus.length] ?? '';
      const sentAtMs = Date.now();
      const orderId = await client.placeOrder(sku);
      const acceptedAtMs = Date.now();
      const seenMs = await watch.whenConfirmed(orderId);
      done.push({ orderId, sentAtMs, acceptedAtMs, visibleAtMs: seenMs + performance.timeOrigin });
    }
  };
  await Promise.all(Array.from({ length: clients }, runClient));
  return done;
}

export async function run(): Promise<BenchResult> {
  const startedMs = performance.now();
  const stack = await startStack({ settings: parseSettings({ ...process.env, PORT: '0' }) });
  const readyMs = performance.now() - startedMs;
  const client = await createWaybillClient(stack.url);
  const watch = watchOrders(stack.addresses.dynamo, `${stack.tablePrefix}-order-view`);
  const figures: Record<string, number> = { startUpMs: Math.round(readyMs) };
  const ordersPerSecond = new Map<number, number>();
  try {
    for (const sku of skus) {
      await client.putProduct(sku, 1_250);
      await client.receiveStock(sku, 1_000_000);
    }
    // Workers start with their first invocations: that is start-up, not the way.
    await runLoad(client, watch, { clients: 32, orders: 96 });

    console.log('clients  orders/s   p50 ms   p95 ms   p99 ms   accepted p50 ms');
    for (const load of loads) {
      const fromMs = performance.now();
      const orders = await runLoad(client, watch, load);
      const rate = (orders.length / (performance.now() - fromMs)) * 1_000;
      const ways = orders.map(({ sentAtMs, visibleAtMs }) => visibleAtMs - sentAtMs);
      const accepted = percentile(
        orders.map(({ sentAtMs, acceptedAtMs }) => acceptedAtMs - sentAtMs),
        0.5,
      );
      ordersPerSecond.set(load.clients, rate);
      const row = { p50: percentile(ways, 0.5), p95: percentile(ways, 0.95), p99: percentile(ways, 0.99), accepted };
      const cells = Object.values(row).map((value) => round(value).toString().padStart(9));
      console.log(`${load.clients.toString().padStart(7)} ${round(rate).toString().padStart(9)}${cells.join('')}`);
      figures[`ordersPerSecond${load.clients}`] = round(rate);
      for (const [name, value] of Object.entries(row)) figures[`${name}Ms${load.clients}`] = round(value);

      const stages = await measureStages(stack.addresses.eventStore, orders.slice(-sampled));
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
