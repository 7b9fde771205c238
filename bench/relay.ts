/** The relay beside a bare pump, amqplib alone and the client alone, each in a process of its own, on every broker there is. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { startPart } from '../infra/local/stack/part.ts';
import { inMemory, relay, servers } from '../infra/local/stack/programs.ts';
import { type LocalDynamo, startLocalDynamo } from '../tests/setup/localDynamo.ts';
import { median } from './eventStore/load.ts';
import { type BenchBroker, findRabbit, prepareBroker } from './relay/brokers.ts';
import type { Measured } from './relay/meter.ts';
import { type BenchStore, fillStore, forgetCheckpoint } from './relay/store.ts';
import type { PumpName } from './relay/worker.ts';
import type { BenchResult } from './run.ts';
import { percentile } from './way/percentiles.ts';

/** Each figure is the median of so many rounds; rounds of what is compared alternate. */
const rounds = 5;
const rateEvents = 100_000;
const pacePerSecond = 500;
const paceEvents = 2_000;
/** How long a pump has to connect before the first paced event. */
const connectingMs = 2_000;
const backlogEvents = 1_000_000;

interface World {
  readonly broker: BenchBroker;
  readonly dynamo: LocalDynamo;
  readonly forget: () => Promise<unknown>;
}

/** Runs one pump over `count` events; `meanwhile` begins when it has. */
async function measure(
  pump: PumpName,
  { broker, dynamo, forget }: World,
  store: BenchStore,
  count: number,
  meanwhile: () => Promise<void> = async () => undefined,
): Promise<Measured> {
  await broker.clear();
  await forget();
  const env = {
    ...process.env,
    COUNT: String(count),
    EXCHANGE: broker.exchange,
    EVENTSTORE_URL: store.url,
    RABBITMQ_URL: broker.url,
    DYNAMODB_ENDPOINT: dynamo.url,
    TABLE_PREFIX: dynamo.prefix,
    LOG_LEVEL: 'WARN',
  };
  const child = fork(join(import.meta.dirname, 'relay', 'worker.ts'), [pump], {
    env,
    // The relay as its hosts start it; the others plainly.
    execArgv: pump === 'relay' ? [...(relay({}).nodeFlags ?? [])] : [],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const exited = once(child, 'exit');
  const measured = await new Promise<Measured>((resolve, reject) => {
    child.on('message', (message: 'started' | Measured) => {
      if (message === 'started') meanwhile().catch(reject);
      else resolve(message);
    });
    child.on('exit', (code) => reject(new Error(`${pump} ended with ${code}`)));
  });
  // The next one has the machine for itself.
  await exited;
  return measured;
}

/** Both in turn, as whoever comes first has it easier or harder. */
async function alternate<Result>(
  relay: () => Promise<Result>,
  bare: () => Promise<Result>,
): Promise<readonly { readonly relay: Result; readonly bare: Result }[]> {
  const pairs: { relay: Result; bare: Result }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    if (round % 2 === 0) pairs.push({ relay: await relay(), bare: await bare() });
    else {
      const first = await bare();
      pairs.push({ relay: await relay(), bare: first });
    }
  }
  return pairs;
}

type Table = Record<string, number>;

async function compareRates(world: World, figures: Table, ratios: Table): Promise<void> {
  const { name } = world.broker;
  const store = await fillStore(rateEvents);
  const pairs = await alternate(
    () => measure('relay', world, store, rateEvents),
    () => measure('bare', world, store, rateEvents),
  );
  const alone = [
    await measure('amqp', world, store, rateEvents),
    await measure('client', world, store, rateEvents),
  ].map(({ perSecond }) => perSecond);
  await store.stop();
  figures[`relay${name}PerSecond`] = median(pairs.map(({ relay }) => relay.perSecond));
  figures[`bare${name}PerSecond`] = median(pairs.map(({ bare }) => bare.perSecond));
  figures[`relay${name}CpuUs`] = median(pairs.map(({ relay }) => relay.cpuUs));
  figures[`bare${name}CpuUs`] = median(pairs.map(({ bare }) => bare.cpuUs));
  figures[`amqplibAlone${name}PerSecond`] = alone[0] ?? Number.NaN;
  figures[`clientAlone${name}PerSecond`] = alone[1] ?? Number.NaN;
  ratios[`rate${name}`] = median(pairs.map(({ relay, bare }) => relay.perSecond / bare.perSecond));
}

async function compareLatencies(world: World, figures: Table, ratios: Table): Promise<void> {
  const { name } = world.broker;
  const paced = async (pump: PumpName) => {
    const store = await fillStore(0);
    const measured = await measure(pump, world, store, paceEvents, async () => {
      await sleep(connectingMs);
      await store.pace(pacePerSecond, paceEvents);
    });
    await store.stop();
    // The first second is the pump's warming up.
    const warm = measured.latenciesMs.slice(pacePerSecond);
    return { p50: percentile(warm, 0.5), p99: percentile(warm, 0.99) };
  };
  const pairs = await alternate(
    () => paced('relay'),
    () => paced('bare'),
  );
  for (const p of ['p50', 'p99'] as const) {
    const P = p.toUpperCase();
    figures[`relay${name}Latency${P}Ms`] = median(pairs.map(({ relay }) => relay[p]));
    figures[`bare${name}Latency${P}Ms`] = median(pairs.map(({ bare }) => bare[p]));
    ratios[`latency${P}${name}`] = median(pairs.map(({ relay, bare }) => relay[p] / bare[p]));
  }
}

async function compareMemory(world: World, figures: Table): Promise<void> {
  const { name } = world.broker;
  const store = await fillStore(backlogEvents);
  const relay = await measure('relay', world, store, backlogEvents);
  const bare = await measure('bare', world, store, backlogEvents);
  await store.stop();
  const mb = (bytes: number) => bytes / 2 ** 20;
  figures[`relay${name}RssMb`] = mb(relay.rssEnd);
  figures[`bare${name}RssMb`] = mb(bare.rssEnd);
  figures[`rssOverBareMb${name}`] = mb(relay.rssEnd - bare.rssEnd);
  figures[`rssGrowthMb${name}`] = mb(relay.rssEnd - relay.rssMiddle);
}

export async function run(): Promise<BenchResult> {
  const figures: Table = {};
  const ratios: Table = {};
  const over = new AbortController();
  const local = await startPart(servers.broker.program(inMemory), over.signal);
  const dynamo = await startLocalDynamo();
  const rabbit = await findRabbit();
  const brokers = [
    await prepareBroker('Local', local.url ?? '', 'classic'),
    ...(rabbit
      ? [await prepareBroker('Classic', rabbit, 'classic'), await prepareBroker('Quorum', rabbit, 'quorum')]
      : []),
  ];
  if (!rabbit) console.log('no RabbitMQ answers: the local broker alone is measured');
  for (const broker of brokers) {
    const world = { broker, dynamo, forget: () => forgetCheckpoint(dynamo) };
    for (const [what, compare] of [
      ['rates', () => compareRates(world, figures, ratios)],
      ['latencies', () => compareLatencies(world, figures, ratios)],
      // Once: minutes, and a window is as full before one broker as before another.
      ...(broker === brokers[0] ? ([['memory', () => compareMemory(world, figures)]] as const) : []),
    ] as const) {
      console.log(`${broker.name}: ${what} ...`);
      await compare();
    }
    await broker.remove();
  }
  const worst = (key: string, of: Table, choose: (...values: number[]) => number) => {
    of[key] = choose(...Object.entries(of).flatMap(([name, value]) => (name.startsWith(key) ? [value] : [])));
  };
  worst('rate', ratios, Math.min);
  worst('latencyP50', ratios, Math.max);
  worst('latencyP99', ratios, Math.max);
  worst('rssOverBareMb', figures, Math.max);
  for (const [name, value] of [...Object.entries(figures), ...Object.entries(ratios)]) {
    console.log(`${name.padEnd(34)} ${value.toLocaleString('en', { maximumFractionDigits: 2 }).padStart(14)}`);
  }
  await dynamo.stop();
  over.abort();
  return { figures, ratios };
}
