import { EventStoreDBClient } from '@eventstore/db-client';
import { expect, test } from '@jest/globals';
import { type Part, startPart } from '../../infra/local/stack/part.ts';
import { prepareBroker } from '../../infra/local/stack/prepareServers.ts';
import { inMemory, servers } from '../../infra/local/stack/programs.ts';
import { systemClock } from '../../shared/kernel/clock.ts';
import { lazy } from '../../shared/kernel/lazy.ts';
import { readLease } from '../../shared/relay/dynamoLease.ts';
import { createEsdbEventStore } from '../../shared/store/esdbEventStore.ts';
import { newEvent } from '../../shared/testing/builders.ts';
import { createChance } from '../../shared/testing/chance.ts';
import { startLocalDynamo } from '../setup/localDynamo.ts';
import { watchArrivals } from './arrivals.ts';
import { relayFaults } from './relayFaults.ts';
import { type FaultyRelay, type Holding, startFaultyRelay } from './relays.ts';

const eventCount = 50_000;
const streamCount = 500;
const appendSize = 20;
const seed = Number(process.env['FAULT_SEED'] ?? 1);
/** A RabbitMQ with a virtual host that is Waybill's alone; the local broker where none is given. */
const givenBroker = process.env['RELAY_FAULTS_BROKER_URL'];

test('relays are killed, paused and cut off 120 times while 50,000 events are written', async () => {
  const over = new AbortController();
  const [store, broker, dynamo] = await Promise.all([
    startPart(servers.eventStore.program(inMemory), over.signal),
    givenBroker ? undefined : startPart(servers.broker.program(inMemory), over.signal),
    startLocalDynamo(),
  ]);
  const urlOf = (part: Part | undefined): string => part?.url ?? '';
  const brokerUrl = givenBroker ?? urlOf(broker);
  await prepareBroker(brokerUrl);
  const arrivals = await watchArrivals(brokerUrl);
  const client = EventStoreDBClient.connectionString(urlOf(store));
  const events = createEsdbEventStore(lazy(() => client));

  const holdings: Holding[] = [];
  const lost: number[] = [];
  const world = {
    eventStoreUrl: urlOf(store),
    brokerUrl,
    env: { DYNAMODB_ENDPOINT: dynamo.url, TABLE_PREFIX: dynamo.prefix, RELAY_TAKE_OVER_MS: '1500' },
    signal: over.signal,
    onHolding: (holding: Holding) => holdings.push(holding),
    onLost: (pid: number) => lost.push(pid),
  };
  const relays: FaultyRelay[] = await Promise.all([0, 1, 2].map((index) => startFaultyRelay(world, index)));
  const wait = (ms: number) => systemClock.sleep(ms);

  const chance = createChance(seed);
  const faults = chance.shuffle(relayFaults.flatMap((fault) => Array.from({ length: fault.times }, () => fault)));
  let struck = 0;
  let appended = 0;
  /** Keeps pace with the faults, so that each of them meets a relay at work. */
  const write = async (): Promise<void> => {
    const lengths = Array.from({ length: streamCount }, () => 0);
    while (appended < eventCount) {
      if (appended > ((struck + 1) * eventCount) / faults.length) {
        await wait(10);
        continue;
      }
      const stream = (appended / appendSize) % streamCount;
      const length = lengths[stream] ?? 0;
      const batch = Array.from({ length: appendSize }, (_, n) => newEvent(`order-${stream}`, { n: length + n }));
      await events.append(`order-${stream}`, batch, length === 0 ? 'no-stream' : BigInt(length - 1));
      lengths[stream] = length + appendSize;
      appended += appendSize;
    }
  };
  /** Where the checkpoint stood, and what had arrived of all that the broker had confirmed by then. */
  const checks: { readonly commit: bigint; readonly arrived: number }[] = [];
  const check = async (): Promise<void> => {
    const view = await readLease(dynamo.client, dynamo.tableName('relay'));
    const arrived = await arrivals.mark();
    if (view?.position) checks.push({ commit: view.position.commit, arrived });
  };
  const strike = async (): Promise<void> => {
    for (const fault of faults) {
      const before = arrivals.firsts.size;
      const holder = relays[holdings.at(-1)?.relay ?? 0];
      if (!holder) throw new Error('nobody holds the lease');
      await fault.strike(holder, wait);
      struck += 1;
      await check();
      // The next one when this one is overcome.
      while (arrivals.firsts.size === before && arrivals.firsts.size < appended) await wait(20);
    }
  };
  const startedMs = performance.now();
  await Promise.all([write(), strike()]);
  while (arrivals.firsts.size < eventCount) await wait(50);
  const durationS = (performance.now() - startedMs) / 1_000;
  const head = await events.readHead(['order']);
  for (;;) {
    await check();
    if (head && (checks.at(-1)?.commit ?? 0n) >= head.commit) break;
    await wait(50);
  }
  await Promise.all(relays.map((relay) => relay.end()));

  // Every event at least once, and first times in order within each stream.
  const expected = Array.from({ length: eventCount / streamCount }, (_, n) => n);
  for (let stream = 0; stream < streamCount; stream += 1) {
    expect(arrivals.orders.get(`order-${stream}`)).toEqual(expected);
  }
  // No two owners at one fencing number, and each higher than the last.
  const fencings = holdings.map(({ fencing }) => fencing);
  expect(fencings).toEqual([...new Set(fencings)].toSorted((a, b) => a - b));
  // The checkpoint never past an event that the broker had not confirmed.
  const positions = new Map<string, bigint>();
  const stop = new AbortController();
  for await (const batch of events.readAll({ categories: ['order'], signal: stop.signal })) {
    for (const item of batch) {
      if (item.kind === 'event') positions.set(`${item.event.stream}@${item.event.revision}`, item.position.commit);
      if (item.kind === 'caught-up') stop.abort();
    }
  }
  const early = [...positions].flatMap(([key, commit]) => {
    const first = arrivals.firsts.get(key) ?? Number.POSITIVE_INFINITY;
    return checks.filter((at) => at.commit >= commit && first >= at.arrived).map((at) => ({ key, commit, at }));
  });
  expect(early).toEqual([]);
  expect(checks.length).toBeGreaterThan(100);
  // A pause is only what it is meant to be when the paused one finds its lease gone.
  expect(lost.length).toBeGreaterThan(0);

  const repeats = arrivals.count - eventCount;
  process.stdout.write(
    `relay faults (seed ${seed}): ${struck} faults, ${holdings.length} holders, ${lost.length} leases lost, ` +
      `${repeats} repeats of ${eventCount} events, ${checks.length} checks, ${durationS.toFixed(0)} s\n`,
  );
  await arrivals.stop();
  await client.dispose();
  over.abort();
  await Promise.all([store.ended, broker?.ended, dynamo.stop()]);
}, 600_000);
