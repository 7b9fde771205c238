/** The real handlers over ports in memory, in a world that doubles, reorders, delays, fails and crashes by chance. */

import { createHandler as createAdvance } from '../../functions/react/advanceFulfilmentOnProgress/handler.ts';
import { createHandler as createMoveStock } from '../../functions/react/moveStockOnRequest/handler.ts';
import { createHandler as createSendParcel } from '../../functions/react/sendParcelOnRequest/handler.ts';
import { createHandler as createSettle } from '../../functions/react/settlePaymentOnRequest/handler.ts';
import { createHandler as createUpdate } from '../../functions/react/updateOrderOnRequest/handler.ts';
import { createConsumer } from '../../shared/broker/consume.ts';
import type { Handler } from '../../shared/broker/consumer.ts';
import type { Cursors } from '../../shared/broker/cursors.ts';
import { createInMemoryCursors } from '../../shared/broker/inMemoryCursors.ts';
import { type EventMessage, parseBody } from '../../shared/broker/message.ts';
import type { OutgoingMessage, Publisher } from '../../shared/broker/publisher.ts';
import { consumers, exchanges } from '../../shared/broker/topology.ts';
import { silentLogger } from '../../shared/observe/logger.ts';
import { projectOrder } from '../../shared/readModels/orderView.ts';
import { projectStock } from '../../shared/readModels/stockView.ts';
import { categoryOf, type EventStore, type StoredEvent } from '../../shared/store/eventStore.ts';
import { createInMemoryEventStore } from '../../shared/store/inMemoryEventStore.ts';
import type { Chance } from '../../shared/testing/chance.ts';
import { flatten } from '../../shared/testing/flatten.ts';
import { toRmqEvent } from '../../shared/testing/lambdaEvents.ts';
import { createGateway } from './gateway.ts';
import { Crash, createHazard, type Hazard, type Odds } from './hazard.ts';

const noon = Date.parse('2026-11-23T12:00:00.000Z');

type ConsumerKey = keyof typeof consumers;

export function createWorld(chance: Chance, odds: Odds) {
  const truth = createInMemoryEventStore();
  const gateway = createGateway();
  const deadLetters: OutgoingMessage[] = [];
  const queues = new Map<string, EventMessage[]>(Object.values(consumers).map(({ name }) => [name, []]));
  const delayed: { readonly consumer: string; readonly message: EventMessage }[] = [];
  const cursors = new Map<string, Cursors<unknown>>(
    Object.values(consumers).map(({ name }) => [name, createInMemoryCursors()]),
  );
  let now = noon;
  // Nobody sleeps in here but to be told that he has waited too long.
  const clock = { now: () => new Date(now), elapsedMs: () => now, sleep: () => new Promise<void>(() => undefined) };

  /** The store as one invocation reaches it. A read can fail as well; only a write can be done without an answer. */
  const storeBehind = (hazard: Hazard): EventStore => ({
    ...truth,
    append: (...args) => hazard.meet('store/unavailable', () => truth.append(...args)),
    async *read(...args) {
      yield* await hazard.meet('store/unavailable', () => Array.fromAsync(truth.read(...args)));
    },
  });
  const cursorsBehind = (hazard: Hazard, of: Cursors<unknown>): Cursors<unknown> => ({
    load: (streams) => hazard.meet('table/unavailable', () => of.load(streams)),
    claim: (...args) => hazard.meet('table/unavailable', () => of.claim(...args)),
    advance: (...args) => hazard.meet('table/unavailable', () => of.advance(...args)),
    progress: (...args) => hazard.meet('table/unavailable', () => of.progress(...args)),
    fail: (...args) => hazard.meet('table/unavailable', () => of.fail(...args)),
    setAside: (...args) => hazard.meet('table/unavailable', () => of.setAside(...args)),
  });
  const publisherBehind = (hazard: Hazard, consumer: string): Pick<Publisher, 'publish'> => ({
    publish: (message) =>
      hazard.meet('broker/unavailable', async () => {
        if (message.exchange === exchanges.retries) delayed.push({ consumer, message: parseBody(message.body) });
        else deadLetters.push(message);
      }),
  });

  function handlerOf(key: ConsumerKey, hazard: Hazard): Handler<never> {
    const deps = { store: storeBehind(hazard), clock, logger: silentLogger, payments: gateway.behind(hazard) };
    const handlers: Record<ConsumerKey, unknown> = {
      orderProcessing: createAdvance(deps),
      inventory: createMoveStock(deps),
      payments: createSettle(deps),
      orders: createUpdate(deps),
      shipping: createSendParcel(deps),
      orderView: async (view: never, event: StoredEvent) => projectOrder(view, event),
      stockView: async (view: never, event: StoredEvent) => projectStock(view, event),
    };
    return handlers[key] as Handler<never>;
  }

  /** One invocation of a consumer with some of what waits for it, in any order; true when there was something. */
  async function invoke(key: ConsumerKey): Promise<boolean> {
    const { name } = consumers[key];
    const queue = queues.get(name) ?? [];
    if (queue.length === 0) return false;
    const batch = Array.from({ length: 1 + chance.below(4) }, () => queue.splice(chance.below(queue.length), 1)).flat();
    const hazard = createHazard(chance, odds);
    const consume = createConsumer(
      {
        consumer: name,
        store: storeBehind(hazard),
        cursors: cursorsBehind(hazard, cursors.get(name) as Cursors<unknown>) as Cursors<never>,
        publisher: publisherBehind(hazard, name),
        clock,
        logger: silentLogger,
        instance: 'simulation',
        random: chance.next,
      },
      handlerOf(key, hazard),
    );
    try {
      await Promise.race([consume(toRmqEvent(...batch.map((message) => ({ message })))), hazard.crashed]);
      // A batch that was done can still come again.
      if (chance.happens(0.1)) queue.push(...batch);
    } catch (error) {
      if (!(error instanceof Crash) && !(error instanceof Error && 'isOutage' in error && error.isOutage)) throw error;
      queue.push(...batch);
    }
    return true;
  }

  let published = 0;
  /** Publishes what is new in the store to everyone who follows it, some of it twice. */
  async function relay(): Promise<void> {
    const stop = new AbortController();
    const after = { commit: BigInt(published), prepare: BigInt(published) };
    const categories = ['order', 'payment', 'shipment', 'fulfilment', 'stock'];
    for await (const item of flatten(truth.readAll({ categories, after, signal: stop.signal }))) {
      if (item.kind === 'caught-up') break;
      if (item.kind !== 'event') continue;
      published = Number(item.position.commit);
      const { event } = item;
      const message = { stream: event.stream, revision: event.revision, event };
      for (const { name, categories: followed } of Object.values(consumers)) {
        if (!(followed as readonly string[]).includes(categoryOf(event.stream))) continue;
        queues.get(name)?.push(...(chance.happens(0.1) ? [message, message] : [message]));
      }
    }
    stop.abort();
  }

  /** Lets time pass: what waits for a retry comes back. */
  function passTime(): boolean {
    now += 60_000;
    for (const { consumer, message } of delayed) queues.get(consumer)?.push(message);
    return delayed.splice(0).length > 0;
  }

  return {
    truth,
    clock,
    gateway,
    deadLetters,
    cursorsOf: (name: string): Cursors<unknown> => cursors.get(name) as Cursors<unknown>,
    /** A caller's store: its calls fail as everybody's. */
    newCaller: () => {
      const hazard = createHazard(chance, odds);
      return { store: storeBehind(hazard), crashed: hazard.crashed };
    },
    /** Runs three invocations side by side, of any consumers, also twice the same; false when nothing was left to do. */
    async step(): Promise<boolean> {
      await relay();
      const keys = Object.keys(consumers) as ConsumerKey[];
      const picks = Array.from({ length: 3 }, () => keys[chance.below(keys.length)] as ConsumerKey);
      const worked = await Promise.all(picks.map(invoke));
      if (worked.includes(true)) return true;
      return [...queues.values()].some((queue) => queue.length > 0) || passTime();
    },
  };
}
