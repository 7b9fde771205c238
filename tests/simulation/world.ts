/** The real handlers and the real relay over ports in memory, in a world that doubles, loses, reorders, delays, fails and crashes by chance. */

import { createConsumer } from '../../shared/broker/consume.ts';
import type { Cursors, StreamRemedies, UnsettledStreams } from '../../shared/broker/cursors.ts';
import { toRetryHint } from '../../shared/broker/deadLetters.ts';
import { createInMemoryCursors } from '../../shared/broker/inMemoryCursors.ts';
import { remedyDeadLetters } from '../../shared/broker/remedyDeadLetters.ts';
import { sweepStreams } from '../../shared/broker/sweepStreams.ts';
import { consumers, deadLetterQueue } from '../../shared/broker/topology.ts';
import { createInMemoryClaims } from '../../shared/effects/inMemoryClaims.ts';
import { silentLogger } from '../../shared/observe/logger.ts';
import { silentMetrics } from '../../shared/observe/metrics.ts';
import { createInMemoryEventStore } from '../../shared/store/inMemoryEventStore.ts';
import { createInMemorySnapshots } from '../../shared/store/inMemorySnapshots.ts';
import type { Chance } from '../../shared/testing/chance.ts';
import { toRmqEvent } from '../../shared/testing/lambdaEvents.ts';
import { createManualClock } from '../../shared/testing/manualClock.ts';
import { makePersonal } from '../../shared/testing/personal.ts';
import { createBroker, type Delivery } from './broker.ts';
import { createGateway } from './gateway.ts';
import { type ConsumerKey, createHandlers, optionsOf } from './handlers.ts';
import { Crash, createHazard, type Hazard, type Odds } from './hazard.ts';
import { expectRemembered, readLaggards } from './laggards.ts';
import { createCarrier, createMailbox } from './outside.ts';
import { claimsBehind, cursorsBehind, personalBehind, publisherBehind, storeBehind } from './ports.ts';
import { createRelays } from './relay.ts';

/** Longer than a few retries, so that a silent provider is waited for a while. */
const paymentTimeoutMs = 90_000;

type Table = Cursors<unknown> & UnsettledStreams & StreamRemedies;

/** One execution environment of a function: what it remembers lives as long as it does. */
interface Process {
  hazard: Hazard;
  isBusy: boolean;
  readonly consume: (event: unknown) => Promise<void>;
}

/** Environments of one function at a time, as while a consumer is resized. */
const environments = 2;

export function createWorld(chance: Chance, odds: Odds) {
  const truth = createInMemoryEventStore();
  const gateway = createGateway();
  const carrier = createCarrier();
  const mailbox = createMailbox();
  const clock = createManualClock('2026-11-23T12:00:00.000Z');
  // Who lost a race waits a moment, which is none in this world's time.
  const callersClock = { ...clock, sleep: async () => undefined };
  const claims = createInMemoryClaims(clock);
  const snapshots = createInMemorySnapshots();
  const personal = makePersonal();
  const broker = createBroker(chance, clock, odds);
  const relays = createRelays(chance, truth, broker, clock);
  const tables = Object.fromEntries(
    Object.values(consumers).map(({ name }) => [name, createInMemoryCursors<unknown>()]),
  ) as Record<string, Table>;
  const processes = new Map<ConsumerKey, (Process | undefined)[]>();
  let instances = 0;
  let deaths = 0;

  function startProcess(key: ConsumerKey): Process {
    const { name } = consumers[key];
    instances += 1;
    const hazard = (): Hazard => process.hazard;
    const store = storeBehind(truth, hazard, chance, odds);
    const handlers = createHandlers({
      store,
      clock: callersClock,
      logger: silentLogger,
      payments: gateway.behind(hazard),
      sendParcel: carrier.behind(hazard),
      sendMail: mailbox.behind(hazard),
      claims: claimsBehind(claims, hazard, chance, odds),
      snapshots,
      personal: personalBehind(personal, hazard),
      timeoutMs: paymentTimeoutMs,
    });
    const consume = createConsumer(
      {
        consumer: name,
        store,
        cursors: cursorsBehind(tables[name] as Table, hazard, chance, odds) as Cursors<never>,
        publisher: publisherBehind(broker, hazard),
        // Time does not pass while somebody works here: nothing is ever late.
        clock: { ...clock, sleep: () => new Promise<never>(() => undefined) },
        logger: silentLogger,
        instance: `process-${instances}`,
        metrics: silentMetrics,
        random: chance.next,
      },
      handlers[key],
      optionsOf[key],
    );
    const process: Process = { hazard: createHazard(chance, odds), isBusy: false, consume };
    return process;
  }

  /** One invocation of a consumer with some of what waits for it, in any order. */
  async function invoke(key: ConsumerKey): Promise<void> {
    const { name } = consumers[key];
    const queue = broker.queues.get(name) ?? [];
    const slots = processes.get(key) ?? new Array<Process | undefined>(environments).fill(undefined);
    processes.set(key, slots);
    const slot = slots.findIndex((process) => !process?.isBusy);
    if (queue.length === 0 || slot === -1) return;
    const process = slots[slot] ?? startProcess(key);
    slots[slot] = process;
    process.isBusy = true;
    process.hazard = createHazard(chance, odds);
    const batch = Array.from({ length: 1 + chance.below(6) }, () => queue.splice(chance.below(queue.length), 1)).flat();
    const again = (isRedelivered: boolean) =>
      queue.push(...batch.map(({ message }): Delivery => ({ message, isRedelivered })));
    const event = toRmqEvent(
      ...batch.map(({ message, isRedelivered }) => ({
        body: Buffer.from(message.body).toString(),
        redelivered: isRedelivered,
      })),
    );
    try {
      await Promise.race([process.consume(event), process.hazard.crashed]);
      process.isBusy = false;
      // A batch that was done can still come again.
      if (chance.happens(0.1)) again(true);
    } catch (error) {
      if (error instanceof Crash) {
        slots[slot] = undefined;
        deaths += 1;
      } else if (error instanceof Error && 'isOutage' in error && error.isOutage) {
        process.isBusy = false;
      } else {
        throw error;
      }
      again(true);
    }
  }

  const isIdle = (): boolean => [...broker.queues.values()].every((queue) => queue.length === 0);
  const operations = {
    tables,
    queue: broker.deadLetters,
    store: truth,
    publisher: broker,
    clock: callersClock,
    logger: silentLogger,
  };

  /** Lets time pass until the next retry comes back, or for long enough that none can; false when none was left. */
  async function passTime(): Promise<boolean> {
    const dueMs = broker.expire();
    if (dueMs === undefined) return !isIdle();
    await clock.pass(Math.max(0, dueMs - clock.now().getTime()));
    broker.expire();
    return true;
  }

  const world = {
    truth,
    clock: callersClock,
    snapshots,
    personal,
    gateway,
    carrier,
    mailbox,
    broker,
    tables,
    deaths: () => deaths,
    deadLetters: () =>
      Object.values(consumers).flatMap(({ name }) => broker.deadLetters.messages(deadLetterQueue(name))),
    /** A caller's store: its calls fail as everybody's. */
    newCaller: () => {
      const hazard = createHazard(chance, odds);
      return { store: storeBehind(truth, () => hazard, chance, odds), crashed: hazard.crashed };
    },
    /** Runs three invocations side by side, of any consumers, also twice the same; false when nothing was left to do. */
    async step(): Promise<boolean> {
      if (chance.happens(0.3) || isIdle()) await relays.run();
      const keys = Object.keys(consumers) as ConsumerKey[];
      const picks = Array.from({ length: 3 }, () => keys[chance.below(keys.length)] as ConsumerKey);
      await Promise.all(picks.map(invoke));
      return !isIdle() || (await relays.hasNews()) || passTime();
    },
    /**
     * What operators and time do when all is quiet: the sweep wakes what was lost on the way, what was quarantined is
     * redriven, and streams whose last message the broker has lost are told once more. False when nothing was left.
     */
    async mend(): Promise<boolean> {
      const laggards = await readLaggards(truth, tables);
      // A broker that loses nothing leaves nothing to be told.
      if (odds.loss === 0) expectRemembered(laggards, broker.deadLetters);
      await clock.pass(600_000);
      await sweepStreams(operations);
      const options = { isDryRun: false, ratePerSecond: 1_000, correlationId: 'simulation', budgetMs: 1_000 };
      await remedyDeadLetters(operations, {}, { kind: 'redrive', by: 'simulation' }, options);
      for (const { name, stream, head } of odds.loss > 0 ? laggards : []) {
        await broker.publish(toRetryHint(name, { stream, revision: head, attempt: 0 }, 0, clock.now()));
      }
      // The broker may have lost the hint as well.
      return laggards.length > 0 || !isIdle();
    },
    /** Goes on until nothing is left to do, and nothing to mend. */
    async settle(): Promise<void> {
      let mends = 0;
      do {
        mends += 1;
        if (mends > 200) throw new Error('it is never mended');
        for (let steps = 0; await world.step(); steps += 1) if (steps > 20_000) throw new Error('it never ends');
      } while (await world.mend());
    },
  };
  return world;
}
