import { createConsumer, type Invocation } from '../broker/consume.ts';
import type { ConsumerOptions, Handler } from '../broker/consumer.ts';
import type { Cursors, StreamRemedies, UnsettledStreams } from '../broker/cursors.ts';
import { createInMemoryCursors } from '../broker/inMemoryCursors.ts';
import { type EventMessage, parseBody } from '../broker/message.ts';
import type { OutgoingMessage } from '../broker/publisher.ts';
import { Fault } from '../kernel/fault.ts';
import type { LogFields, Logger } from '../observe/logger.ts';
import type { Metrics } from '../observe/metrics.ts';
import type { StoredEvent } from '../store/eventStore.ts';
import { createInMemoryEventStore } from '../store/inMemoryEventStore.ts';
import { newEvent } from './builders.ts';
import { toRmqEvent } from './lambdaEvents.ts';
import { createManualClock } from './manualClock.ts';

/** The stream of a test that needs only one; its slot is 09. */
export const stream = 'order-0b6f0a44-0f2c-5d7e-9f55-6b4f3f0a1c11';

export type Names = readonly string[];

interface Rigging {
  readonly cursors?: Cursors<Names> & UnsettledStreams & StreamRemedies;
  readonly store?: ReturnType<typeof createInMemoryEventStore>;
  readonly clock?: ReturnType<typeof createManualClock>;
  readonly instance?: string;
  readonly options?: ConsumerOptions;
  /** Instead of the one that adds each event's name to a list. */
  readonly handler?: Handler<Names>;
}

export interface LogLine extends LogFields {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly message: string;
}

/** Keeps every line. */
export function createLogbook(): Logger & { readonly lines: LogLine[] } {
  const lines: LogLine[] = [];
  return {
    lines,
    debug: (message, fields) => void lines.push({ level: 'debug', message, ...fields }),
    info: (message, fields) => void lines.push({ level: 'info', message, ...fields }),
    warn: (message, fields) => void lines.push({ level: 'warn', message, ...fields }),
    error: (message, error, fields) => void lines.push({ level: 'error', message, error, ...fields }),
  };
}

export const nameOf = (event: StoredEvent): string => (event.data as { n: string }).n;

/** A consumer over ports in memory whose handler adds each event's name to a list, or fails as `failures` says. */
export function makeConsumer(rigging: Rigging = {}) {
  const store = rigging.store ?? createInMemoryEventStore();
  const cursors = rigging.cursors ?? createInMemoryCursors<Names>();
  const clock = rigging.clock ?? createManualClock();
  const logger = createLogbook();
  const published: OutgoingMessage[] = [];
  const handled: string[] = [];
  const failures = new Map<string, () => Error>();
  let outage: Error | undefined;
  const publisher = {
    publish: async (message: OutgoingMessage) => {
      if (outage) throw outage;
      published.push(message);
    },
  };
  const addName: Handler<Names> = async (view = [], event) => {
    const failure = failures.get(nameOf(event));
    if (failure) throw failure();
    handled.push(nameOf(event));
    return [...view, nameOf(event)];
  };
  const { instance = 'instance-1', handler = addName, options } = rigging;
  const counted: Record<string, number> = {};
  const metrics: Metrics = {
    add: (name, _, value) => {
      counted[name] = (counted[name] ?? 0) + value;
    },
    flush: () => undefined,
  };
  const deps = { consumer: 'test', store, cursors, publisher, clock, logger, metrics, instance, random: () => 0.5 };
  const consume = createConsumer<Names>(deps, handler, options);
  return {
    store,
    cursors,
    clock,
    logger,
    counted,
    published,
    handled,
    failures,
    consume,
    row: async (of = stream) => (await cursors.load([of])).get(of),
    breakBroker: (error: Error | undefined) => {
      outage = error;
    },
    /** Bodies of what was published to retry queues and dead-letter queues, in order, under their routing keys. */
    told: (): readonly (readonly [string, EventMessage])[] =>
      published.map(({ routingKey, body }) => [routingKey, parseBody(body)] as const),
    /** Appends events named like this to the stream and answers them as stored. */
    async append(names: Names, to = stream): Promise<readonly StoredEvent[]> {
      const before = await Array.fromAsync(store.read(to));
      const events = names.map((n) => newEvent(to, { n }));
      await store.append(to, events, before.at(-1)?.revision ?? 'no-stream');
      return Array.fromAsync(store.read(to, { from: BigInt(before.length) }));
    },
  };
}

/** A batch of these events' messages. */
export const messages = (...events: readonly (StoredEvent | undefined)[]): unknown => deliver(false, ...events);

/** The same, delivered before and not settled. */
export const redelivered = (...events: readonly (StoredEvent | undefined)[]): unknown => deliver(true, ...events);

const deliver = (isRedelivered: boolean, ...events: readonly (StoredEvent | undefined)[]): unknown =>
  toRmqEvent(
    ...events.flatMap((event) =>
      event ? [{ message: { stream: event.stream, revision: event.revision, event }, redelivered: isRedelivered }] : [],
    ),
  );

export const hint = (revision: bigint, attempt?: number, look?: number): unknown =>
  toRmqEvent({
    message: {
      stream,
      revision,
      ...(attempt === undefined ? {} : { attempt }),
      ...(look === undefined ? {} : { look }),
    },
  });

/** A failure that may pass. */
export const silence = (): Fault => new Fault('payments/unavailable', 'no answer');

/** An invocation that began with so much time and has used up what the clock has since. */
export function invocationOf(clock: { elapsedMs(): number }, ms: number): Invocation {
  const endMs = clock.elapsedMs() + ms;
  return { getRemainingTimeInMillis: () => endMs - clock.elapsedMs() };
}
