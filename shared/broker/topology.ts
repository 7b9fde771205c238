/**
 * The broker's topology as data: the deploy step, the local stack and the tests read this file and no other.
 *
 *     order-events --<category>.*.<slot>--> <consumer>.<n>         first deliveries, published by the relay
 *     retries --<consumer>.<delayMs>.*--> <consumer>.retry.<delayMs> --expired--> redeliveries
 *     redeliveries --<consumer>.*.<slot>--> <consumer>.<n>         retries that are due, and redrives;
 *                                           or <consumer>.late     where these must not hold up first deliveries
 *     <consumer>-dlq                                               dead letters
 *     order-events --nobody bound--> unrouted                      kept; goes round again when the topology is applied
 */
import { retryQueueDelaysMs } from './retryDelays.ts';
import { slotsOf } from './slots.ts';

export const exchanges = {
  events: 'order-events',
  unrouted: 'unrouted',
  retries: 'retries',
  redeliveries: 'redeliveries',
} as const;

/** Where a message goes that no consumer is bound for. */
export const unroutedQueue = 'unrouted';

export interface ConsumerTopology {
  readonly name: string;
  /** Categories of the streams it follows. */
  readonly categories: readonly string[];
  /** Queues it is spread over: one queue is one event source mapping is one concurrent execution. */
  readonly partitions: PartitionCount;
  /** Its retries come back to a queue of their own: what is slow waits for what is slow, and for nothing else. */
  readonly hasLateQueue: boolean;
}

/** As many as there are slots at most. */
export type PartitionCount = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14 | 15 | 16;

type Scale = Partial<Pick<ConsumerTopology, 'partitions' | 'hasLateQueue'>>;

const follows = (name: string, categories: readonly string[], scale: Scale = {}): ConsumerTopology => ({
  name,
  categories,
  partitions: 1,
  hasLateQueue: false,
  ...scale,
});

/** Every consumer, in the order of the way; the only place that says how many partitions it has. */
export const consumers = {
  orderProcessing: follows('order-processing', ['order', 'payment', 'shipment']),
  inventory: follows('inventory', ['fulfilment']),
  payments: follows('payments', ['fulfilment'], { partitions: 4, hasLateQueue: true }),
  paymentDeadlines: follows('payment-deadlines', ['fulfilment']),
  orders: follows('orders', ['fulfilment']),
  shipping: follows('shipping', ['fulfilment']),
  notifications: follows('notifications', ['order']),
  orderView: follows('order-view', ['order']),
  stockView: follows('stock-view', ['stock']),
} as const satisfies Record<string, ConsumerTopology>;

/** Categories that the relay publishes: all that some consumer follows. */
export const publishedCategories: readonly string[] = [
  ...new Set(Object.values(consumers).flatMap((consumer) => consumer.categories)),
];

export const partitionQueue = (consumer: string, partition: number): string => `${consumer}.${partition}`;
export const lateQueue = (consumer: string): string => `${consumer}.late`;
export const isLateQueue = (queue: string): boolean => queue.endsWith('.late');
export const retryQueue = (consumer: string, delayMs: number): string => `${consumer}.retry.${delayMs}`;
export const deadLetterQueue = (consumer: string): string => `${consumer}-dlq`;

/** The queues that a consumer's function is fed from: an event source mapping for each. */
export const feedingQueues = ({ name, partitions, hasLateQueue }: ConsumerTopology): readonly string[] => [
  ...Array.from({ length: partitions }, (_, n) => partitionQueue(name, n)),
  ...(hasLateQueue ? [lateQueue(name)] : []),
];

/** Routing key of an event on `order-events`. */
export const eventKey = (category: string, type: string, slot: string): string => `${category}.${type}.${slot}`;
/** Routing key of a hint on `retries` (it comes back after `delayMs`) or on `redeliveries` (`delayMs` 0: at once). */
export const hintKey = (consumer: string, delayMs: number, slot: string): string => `${consumer}.${delayMs}.${slot}`;

export interface ExchangeDeclaration {
  readonly name: string;
  readonly type: 'topic' | 'fanout';
  readonly arguments: Readonly<Record<string, unknown>>;
}

export interface QueueDeclaration {
  readonly name: string;
  readonly arguments: Readonly<Record<string, unknown>>;
}

export interface BindingDeclaration {
  readonly exchange: string;
  readonly queue: string;
  readonly key: string;
}

export interface Declarations {
  readonly exchanges: readonly ExchangeDeclaration[];
  readonly queues: readonly QueueDeclaration[];
  readonly bindings: readonly BindingDeclaration[];
}

const quorum = { 'x-queue-type': 'quorum' } as const;

/** What is kept is looked through again and again: without a limit of its own RabbitMQ 4 would drop it after 20 times. */
const kept = { ...quorum, 'x-delivery-limit': 1_000_000_000 } as const;

/** Without this a quorum queue may lose a message between its own end and the queue it dead-letters to. */
const safeDeadLettering = { 'x-dead-letter-strategy': 'at-least-once', 'x-overflow': 'reject-publish' } as const;

/**
 * In an outage a batch comes again for as long as the outage lasts. RabbitMQ 4 would dead-letter it after 20 deliveries,
 * and earlier versions know no number for "never": this one lasts for years. Poison is found by counting attempts.
 */
const deliveryLimit = 1_000_000;

/** What a consumer's feeding queues are bound to. */
export function bindConsumer({ name, categories, partitions, hasLateQueue }: ConsumerTopology) {
  const { events, redeliveries } = exchanges;
  return Array.from({ length: partitions }, (_, n) => partitionQueue(name, n)).flatMap((queue, n) =>
    slotsOf(n, partitions).flatMap((slot): readonly BindingDeclaration[] => [
      ...categories.map((category) => ({ exchange: events, queue, key: eventKey(category, '*', slot) })),
      { exchange: redeliveries, queue: hasLateQueue ? lateQueue(name) : queue, key: `${name}.*.${slot}` },
    ]),
  );
}

/** A consumer's feeding queues. */
function declareFeedingQueues(consumer: ConsumerTopology): readonly QueueDeclaration[] {
  const dead = {
    ...safeDeadLettering,
    'x-dead-letter-exchange': '',
    'x-dead-letter-routing-key': deadLetterQueue(consumer.name),
  };
  return feedingQueues(consumer).map((name) => ({
    name,
    arguments: { ...quorum, ...dead, 'x-delivery-limit': deliveryLimit },
  }));
}

function declareConsumer(consumer: ConsumerTopology): Omit<Declarations, 'exchanges'> {
  const { name } = consumer;
  return {
    queues: [
      ...declareFeedingQueues(consumer),
      ...retryQueueDelaysMs.map((delayMs) => ({
        name: retryQueue(name, delayMs),
        arguments: {
          ...quorum,
          ...safeDeadLettering,
          'x-message-ttl': delayMs,
          'x-dead-letter-exchange': exchanges.redeliveries,
        },
      })),
      { name: deadLetterQueue(name), arguments: kept },
    ],
    bindings: [
      ...bindConsumer(consumer),
      ...retryQueueDelaysMs.map((delayMs) => ({
        exchange: exchanges.retries,
        queue: retryQueue(name, delayMs),
        key: `${name}.${delayMs}.*`,
      })),
    ],
  };
}

/** Everything that has to exist on the broker, in an order in which it can be declared; all durable. */
export function declareTopology(of: readonly ConsumerTopology[] = Object.values(consumers)): Declarations {
  const each = of.map(declareConsumer);
  return {
    exchanges: [
      { name: exchanges.unrouted, type: 'fanout', arguments: {} },
      { name: exchanges.events, type: 'topic', arguments: { 'alternate-exchange': exchanges.unrouted } },
      { name: exchanges.retries, type: 'topic', arguments: {} },
      { name: exchanges.redeliveries, type: 'topic', arguments: {} },
    ],
    queues: [{ name: unroutedQueue, arguments: kept }, ...each.flatMap(({ queues }) => queues)],
    bindings: [
      { exchange: exchanges.unrouted, queue: unroutedQueue, key: '' },
      ...each.flatMap(({ bindings }) => bindings),
    ],
  };
}
