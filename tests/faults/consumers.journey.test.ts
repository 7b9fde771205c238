import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { listDeadLetters } from '../../shared/broker/listDeadLetters.ts';
import { remedyDeadLetters } from '../../shared/broker/remedyDeadLetters.ts';
import { sweepStreams } from '../../shared/broker/sweepStreams.ts';
import { systemClock } from '../../shared/kernel/clock.ts';
import { createChance } from '../../shared/testing/chance.ts';
import { type Role, temperOf } from './consumers/setting.ts';
import { type System, startSystem } from './consumers/system.ts';
import { newNumbered, write } from './consumers/writer.ts';

/** `FAULT_EVENTS=20000 npm run -s jest -- tests/faults/consumers` is the whole of it; `FAULT_SEED` does the same again. */
const eventCount = Number(process.env['FAULT_EVENTS'] ?? 1_000);
const seed = Number(process.env['FAULT_SEED'] ?? 1_000_000 * Math.random()) | 0;
const eventsOfEach = 10;
const streams = Array.from({ length: eventCount / eventsOfEach }, (_, n) => `order-${n}`);
const last = BigInt(eventsOfEach - 1);
const complete = Array.from({ length: eventsOfEach }, (_, n) => n);
const limitMs = 60_000 + eventCount * 30;

/** How many events of a stream come before the first that fails for ever; all of them when none does. */
const goodFor = (stream: string): number => {
  const first = complete.findIndex((n) => temperOf(newNumbered(stream, n).id) === 'fails');
  return first === -1 ? eventsOfEach : first;
};
const failing = streams.filter((stream) => goodFor(stream) < eventsOfEach);

const brokers: [string, string | undefined][] = [['the local broker', undefined]];
const realBroker = process.env['RABBITMQ_TEST_URL'];
if (realBroker) brokers[0] = ['RabbitMQ', realBroker];

describe.each(brokers)(`four consumers on %s, hostile with FAULT_SEED=${seed}`, (_, broker) => {
  let system: System;

  const rowsOf = (role: Role) => system.tables[role].load(streams);

  /** Streams that are not where they should be, by what is wrong; none when all is done. */
  const findOpen = async (role: Role, isDone: (stream: string, row: Row | undefined) => boolean) => {
    const rows = await rowsOf(role);
    return streams.filter((stream) => !isDone(stream, rows.get(stream)));
  };
  type Row = NonNullable<Awaited<ReturnType<typeof rowsOf>> extends ReadonlyMap<string, infer R> ? R : never>;
  const isComplete = (__: string, row: Row | undefined): boolean => row?.status === 'ready' && row.revision === last;

  async function until(role: Role, isDone: (stream: string, row: Row | undefined) => boolean): Promise<void> {
    const endMs = performance.now() + limitMs;
    for (let open = await findOpen(role, isDone); open.length > 0; open = await findOpen(role, isDone)) {
      // Looking all the time would take from the tables what the consumers need.
      await systemClock.sleep(250);
      if (performance.now() < endMs) continue;
      const rows = await rowsOf(role);
      throw new Error(
        `${role}: ${open.length} streams are not done, such as ${open[0]}: ${show(rows.get(open[0] ?? ''))}`,
      );
    }
  }
  const show = (row: unknown): string =>
    JSON.stringify(row, (__, value) => (typeof value === 'bigint' ? Number(value) : value));

  /** A quorum queue takes note of acknowledgements and returns a moment after the channel that they came on has closed. */
  async function untilDeadLetters(role: Role, count: number): Promise<void> {
    const endMs = performance.now() + 10_000;
    while (performance.now() < endMs && (await system.deadLetterCount(role)) !== count) {
      await systemClock.sleep(250);
      await sweepStreams(system.operations);
    }
    expect(await system.deadLetterCount(role)).toBe(count);
  }

  beforeAll(async () => {
    system = await startSystem(seed, broker);
  }, 60_000);
  afterAll(() => system?.stop(), 60_000);

  test(
    `${eventCount} events of ${streams.length} streams have each of their effects once, in order; what fails for ever is blocked`,
    async () => {
      const startedMs = performance.now();
      await write(system.store, createChance(seed), streams, eventsOfEach);
      await until('view', isComplete);
      await until('reaction', isComplete);
      await until('outside', isComplete);
      await until('flaky', (stream, row) =>
        failing.includes(stream)
          ? row?.status === 'blocked' && row.revision === BigInt(goodFor(stream) - 1)
          : isComplete(stream, row),
      );
      const seconds = (performance.now() - startedMs) / 1_000;

      for (const [stream, row] of await rowsOf('view')) expect([stream, row.view]).toEqual([stream, complete]);
      for (const stream of streams) {
        const echoed = await Array.fromAsync(system.store.read(stream.replace('order', 'echo')));
        expect([stream, echoed.map(({ data }) => (data as { n: number }).n)]).toEqual([stream, complete]);
        expect([stream, system.provider.effects().get(stream)]).toEqual([stream, complete]);
      }
      expect(system.provider.overlaps()).toBe(0);
      for (const [stream, row] of await rowsOf('flaky')) {
        expect([stream, row.view ?? []]).toEqual([stream, complete.slice(0, goodFor(stream))]);
      }
      console.log(
        `${eventCount} events, ${streams.length} streams, 4 consumers in ${seconds.toFixed(1)} s: ` +
          `${system.functions.killed()} processes killed, ${system.reports.length} batches came again, ` +
          `${system.provider.repeats()} effects asked for again, ${failing.length} streams blocked`,
      );
    },
    limitMs * 5,
  );

  test('each of those has exactly one dead letter, and no other stream has any', async () => {
    // Told twice where the process died between the message and the row; the sweep keeps one.
    await sweepStreams(system.operations);
    const { letters } = await listDeadLetters(system.operations);
    expect(letters.map(({ id }) => id).toSorted()).toEqual(
      failing.map((stream) => `flaky/${stream}@${goodFor(stream)}`).toSorted(),
    );
    await untilDeadLetters('flaky', failing.length);
    for (const role of ['view', 'reaction', 'outside'] as const) expect(await system.deadLetterCount(role)).toBe(0);
  }, 60_000);

  test(
    'redriven after the mistake is mended, all of them are complete, still once and in order',
    async () => {
      await system.mend();
      const options = { isDryRun: false, ratePerSecond: 1_000, correlationId: 'faults', budgetMs: limitMs };
      const { remedied } = await remedyDeadLetters(system.operations, {}, { kind: 'redrive', by: 'the test' }, options);
      expect(remedied.filter(({ outcome }) => outcome === 'done')).toHaveLength(failing.length);
      await until('flaky', isComplete);
      for (const [stream, row] of await rowsOf('flaky')) expect([stream, row.view]).toEqual([stream, complete]);
      await sweepStreams(system.operations);
      expect((await listDeadLetters(system.operations)).letters).toEqual([]);
      await untilDeadLetters('flaky', 0);
    },
    limitMs * 2,
  );
});
