/** What it costs a container that has just started to decide on a SKU, by the length of its stream: store and tables as processes of their own. */
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { EventStoreDBClient } from '@eventstore/db-client';
import { createTables } from '../infra/local/dynamo/createTables.ts';
import { startPart } from '../infra/local/stack/part.ts';
import { inMemory, servers } from '../infra/local/stack/programs.ts';
import { stockStream } from '../shared/domain/inventory/index.ts';
import { lazy } from '../shared/kernel/lazy.ts';
import { silentLogger } from '../shared/observe/logger.ts';
import { stockAggregate } from '../shared/store/aggregates.ts';
import { createDynamoSnapshots } from '../shared/store/dynamoSnapshots.ts';
import { createEsdbEventStore } from '../shared/store/esdbEventStore.ts';
import { loadState } from '../shared/store/handleCommand.ts';
import { createSnapshotCache } from '../shared/store/snapshotCache.ts';
import type { BenchResult } from './run.ts';
import { appendStockHistory } from './stock/history.ts';
import { percentile } from './way/percentiles.ts';

const lengths = [100, 1_000, 10_000, 100_000] as const;
/** Most events that a stream can be ahead of its snapshot, which is kept every fifty. */
const worstTail = 49;
const rounds = 300;
const wholeRounds = 5;

const round = (ms: number): number => Math.round(ms * 100) / 100;

async function timeMs(work: () => Promise<unknown>): Promise<number> {
  const from = performance.now();
  await work();
  return performance.now() - from;
}

export async function run(): Promise<BenchResult> {
  const stop = new AbortController();
  const [eventStore, dynamo] = await Promise.all([
    startPart(servers.eventStore.program(inMemory), stop.signal),
    startPart(servers.dynamo.program(inMemory), stop.signal),
  ]);
  try {
    await createTables(dynamo.url ?? '', 'bench');
    const client = EventStoreDBClient.connectionString(eventStore.url ?? '');
    const store = createEsdbEventStore(lazy(() => client));
    const documents = DynamoDBDocumentClient.from(
      new DynamoDBClient({
        endpoint: dynamo.url ?? '',
        region: 'eu-central-1',
        credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
      }),
    );
    const snapshots = createDynamoSnapshots(documents, 'bench-snapshots');
    const newCache = () => createSnapshotCache({ store, snapshots, logger: silentLogger }, 'stock', stockAggregate);

    /** As the inventory reaction begins, with nothing in memory. */
    const loadCold = async (stream: string) => {
      const cache = newCache();
      await cache.warm(stream);
      return loadState(store, stockAggregate, stream, { from: cache.get(stream) });
    };

    for (const length of lengths) {
      const stream = stockStream(`bench-${length}`);
      // The shortest is read whole, as if nothing was ever kept of it.
      const kept = length > 100 ? length - worstTail : 0;
      await appendStockHistory(store, stream, 0, kept);
      const cache = newCache();
      if (kept > 0) cache.set(stream, await loadState(store, stockAggregate, stream));
      await cache.keep(stream);
      await appendStockHistory(store, stream, kept, length);
    }

    const cold = new Map<number, number[]>(lengths.map((length) => [length, []]));
    const warm = new Map<number, number[]>(lengths.map((length) => [length, []]));
    // Side by side in every round, so that a busy moment of the machine hits all of them alike.
    for (let n = 0; n < rounds; n += 1) {
      for (const length of lengths) {
        const stream = stockStream(`bench-${length}`);
        cold.get(length)?.push(await timeMs(() => loadCold(stream)));
        if (n > 0) continue;
        const loaded = await loadCold(stream);
        for (let again = 0; again < rounds; again += 1) {
          warm.get(length)?.push(await timeMs(() => loadState(store, stockAggregate, stream, { from: loaded })));
        }
      }
    }

    const figures: Record<string, number> = {};
    console.log(' events   whole ms   cold ms   warm ms');
    for (const length of lengths) {
      const stream = stockStream(`bench-${length}`);
      const whole: number[] = [];
      for (let n = 0; n < wholeRounds; n += 1) {
        whole.push(await timeMs(() => loadState(store, stockAggregate, stream)));
      }
      const row = {
        whole: round(percentile(whole, 0.5)),
        cold: round(percentile(cold.get(length) ?? [], 0.5)),
        warm: round(percentile(warm.get(length) ?? [], 0.5)),
      };
      const cells = [row.whole, row.cold, row.warm].map((ms) => ms.toFixed(2).padStart(9));
      console.log(`${length.toString().padStart(7)} ${cells.join(' ')}`);
      for (const [name, ms] of Object.entries(row)) figures[`${name}Ms${length}`] = ms;
    }
    await client.dispose();
    const ratio = (of: string): number =>
      round((figures[`${of}Ms100000`] ?? Number.NaN) / (figures[`${of}Ms100`] ?? Number.NaN));
    return {
      figures,
      ratios: { load100kOver100: ratio('cold'), warm100kOver100: ratio('warm'), whole100kOver100: ratio('whole') },
    };
  } finally {
    await Promise.all([eventStore.stop(), dynamo.stop()]);
  }
}
