import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deliveries, events, median, rate, readRate, roundTrips, subscribeRate } from './eventStore/load.ts';
import { type ServerProcess, startBare, startStore } from './eventStore/processes.ts';
import type { BenchResult } from './run.ts';

/** Each figure is the median of so many rounds; rounds of what is compared alternate. */
const ROUNDS = 5;
const SIZES = [110, 1024] as const;
const READ_COUNT = 50_000;
const BIG_STORE = 1_000_000;
const SMALL_STORE = 10_000;

/** The local event store beside a bare gRPC server that stores nothing, client and servers in processes of their own. */
export async function run(): Promise<BenchResult> {
  const figures: Record<string, number> = {};
  const ratios: Record<string, number> = {};
  for (const bytes of SIZES) await compareSize(bytes, figures, ratios);
  await compareDurable(figures, ratios);
  await compareBigStore(figures, ratios);
  for (const [name, value] of Object.entries(figures)) {
    console.log(`${name.padEnd(34)} ${value.toLocaleString('en', { maximumFractionDigits: 3 }).padStart(14)}`);
  }
  for (const [name, value] of Object.entries(ratios))
    console.log(`${name.padEnd(34)} ${value.toFixed(2).padStart(14)}`);
  return { figures, ratios };
}

type Table = Record<string, number>;

/** Measures both in turn and notes the medians; the ratio kept is the worst of all sizes. */
async function compare(
  name: string,
  suffix: string,
  store: () => Promise<number>,
  other: () => Promise<number>,
  figures: Table,
  ratios: Table,
): Promise<void> {
  const measured: [number[], number[]] = [[], []];
  for (let round = 0; round < ROUNDS; round++) {
    // Who comes first has it easier or harder; so both do in turn.
    const order = round % 2 === 0 ? ([0, 1] as const) : ([1, 0] as const);
    for (const which of order) measured[which].push(await (which === 0 ? store() : other()));
  }
  const [ours, theirs] = measured.map(median) as [number, number];
  figures[`${name}${suffix}`] = ours;
  figures[`${name}${suffix}Floor`] = theirs;
  // Neighbours in time are compared, so that what else the machine does weighs on both.
  const ratio = median(measured[0].map((value, round) => value / (measured[1][round] ?? Number.NaN)));
  ratios[name] = Math.min(ratios[name] ?? Number.POSITIVE_INFINITY, ratio);
}

async function compareSize(bytes: number, figures: Table, ratios: Table): Promise<void> {
  const store = await startStore();
  const bare = await startBare(READ_COUNT, bytes);
  await fill(store, 'bench-0', READ_COUNT, bytes);
  const suffix = `${bytes}BytesPerSecond`;
  const both = async (name: string, work: (server: ServerProcess) => Promise<number>): Promise<void> => {
    await work(bare);
    await work(store);
    await compare(
      name,
      suffix,
      () => work(store),
      () => work(bare),
      figures,
      ratios,
    );
  };
  await both('subscribeAll', ({ client }) => subscribeRate(client, READ_COUNT));
  await both('readStream', ({ client }) => readRate(client, 'bench-0'));
  await both('appendBatch', async ({ client }) => {
    const batches = Array.from({ length: 200 }, () => events(100, bytes));
    return 100 * (await rate(batches.length, 8, () => client.appendToStream('batches-0', batches.pop() ?? [])));
  });
  await both('appendSingle', async ({ client }) => {
    const singles = events(5000, bytes);
    return rate(singles.length, 32, () => client.appendToStream('singles-0', singles.pop() ?? []));
  });
  if (bytes === SIZES[0]) {
    const latency = 'liveLatencyP50';
    await compare(
      latency,
      'Ms',
      async () => median(await deliveries(store.client, 500)),
      async () => median(await roundTrips(bare.client, 500)),
      figures,
      ratios,
    );
  }
  await Promise.all([store.stop(), bare.stop()]);
}

async function compareDurable(figures: Table, ratios: Table): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), 'bench-event-store-'));
  const [durable, memory] = [await startStore('--db', directory), await startStore()];
  const work = async ({ client }: ServerProcess): Promise<number> => {
    const singles = events(4000, 110);
    return rate(singles.length, 32, () => client.appendToStream('singles-0', singles.pop() ?? []));
  };
  await Promise.all([work(durable), work(memory)]);
  await compare(
    'durableAppend',
    'PerSecond',
    () => work(durable),
    () => work(memory),
    figures,
    ratios,
  );
  await Promise.all([durable.stop(), memory.stop()]);
  rmSync(directory, { recursive: true });
}

async function compareBigStore(figures: Table, ratios: Table): Promise<void> {
  const [big, small] = [await startStore(), await startStore()];
  const before = big.memoryBytes();
  for (let filled = 0; filled < BIG_STORE; filled += SMALL_STORE) await fill(big, `bench-${filled}`, SMALL_STORE, 110);
  figures['memoryBytesPerStoredEvent'] = (big.memoryBytes() - before) / BIG_STORE;
  await fill(small, 'bench-x', SMALL_STORE, 110);
  await Promise.all([fill(big, 'read-0', 1000, 110), fill(small, 'read-0', 1000, 110)]);
  const work = async ({ client }: ServerProcess): Promise<number> => {
    const rates: number[] = [];
    for (let i = 0; i < 41; i++) rates.push(await readRate(client, 'read-0'));
    return median(rates);
  };
  await Promise.all([work(big), work(small)]);
  await compare(
    'bigStoreRead',
    'PerSecond',
    () => work(big),
    () => work(small),
    figures,
    ratios,
  );
  await Promise.all([big.stop(), small.stop()]);
}

async function fill({ client }: ServerProcess, stream: string, count: number, bytes: number): Promise<void> {
  for (let done = 0; done < count; done += 1000)
    await client.appendToStream(stream, events(1000, bytes), { batchAppendSize: 900_000 });
}
