/**
 * The broker's topology as data: the deploy step, the local stack, the tests and the console read this file and no other.
 *
 *     order-events --<category>.*.<slot>--> <consumer>.<n>         first deliveries, published by the relay
 *     retries --<consumer>.<delayMs>.*--> <consumer>.retry.<delayMs> --expired--> redeliveries
 *     redeliveries --<consumer>.*.<slot>--> <consumer>.<n>         retries that are due, and redrives
 *     <consumer>-dlq                                               dead letters
 *     order-events --nobody bound--> unrouted                      kept for a person to look at
 */
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
  /** Queues it is spread over, 1 to 16: one queue is one event source mapping is one concurrent execution. */
  readonly partitions: number;
}

/** How long a failed stream waits before attempt 2, 3, ...; after the last, some 36 minutes on, it is blocked. One queue each. */
export const retryDelaysMs = [1_000, 5_000, 30_000, 300_000, 1_800_000] as const;

/** The longest of these delays that does not wait beyond `ms`; a longer wait takes several. At least the shortest. */
export const longestDelayMs = (ms: number): number =>
  Math.max(retryDelaysMs[0], ...retryDelaysMs.filter((delay) => delay <= ms));

const follows = (name: string, ...categories: readonly string[]): ConsumerTopology => ({
  name,
  categories,
  partitions: 1,
});

/** Every consumer, in the order of the way. */
export const consumers = {
  orderProcessing: follows('order-processing', 'order', 'payment', 'shipment'),
  inventory: follows('inventory', 'fulfilment'),
  payments: follows('payments', 'fulfilment'),
  paymentDeadlines: follows('payment-deadlines', 'fulfilment'),
  orders: follows('orders', 'fulfilment'),
  shipping: follows('shipping', 'fulfilment'),
  notifications: follows('notifications', 'order'),
  orderView: follows('order-view', 'order'),
  stockView: follows('stock-view', 'stock'),
} as const satisfies Record<string, ConsumerTopology>;

/** Categories that the relay publishes: all that some consumer follows. */
export const publishedCategories: readonly string[] = [
  ...new Set(Object.values(consumers).flatMap((consumer) => consumer.categories)),
];

export const partitionQueue = (consumer: string, partition: number): string => `${consumer}.${partition}`;
export const retryQueue = (consumer: string, delayMs: number): string => `${consumer}.retry.${delayMs}`;
export const deadLetterQueue = (consumer: string): string => `${consumer}-dlq`;

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

/** Without this a quorum queue may lose a message between its own end and the queue it dead-letters to. */
const safeDeadLettering = { 'x-dead-letter-strategy': 'at-least-once', 'x-overflow': 'reject-publish' } as const;

/**
 * In an outage a batch comes again for as long as the outage lasts. RabbitMQ 4 would dead-letter it after 20 deliveries,
 * and earlier versions know no number for "never": this one lasts for years. Poison is found by counting attempts.
 */
const deliveryLimit = 1_000_000;

function declareConsumer({ name, categories, partitions }: ConsumerTopology): Omit<Declarations, 'exchanges'> {
  const numbers = Array.from({ length: partitions }, (_, n) => n);
  const dead = {
    ...safeDeadLettering,
    'x-dead-letter-exchange': '',
    'x-dead-letter-routing-key': deadLetterQueue(name),
  };
  return {
    queues: [
      ...numbers.map((n) => ({
        name: partitionQueue(name, n),
        arguments: { ...quorum, ...dead, 'x-delivery-limit': deliveryLimit },
      })),
      ...retryDelaysMs.map((delayMs) => ({
        name: retryQueue(name, delayMs),
        arguments: {
          ...quorum,
          ...safeDeadLettering,
          'x-message-ttl': delayMs,
          'x-dead-letter-exchange': exchanges.redeliveries,
        },
      })),
      { name: deadLetterQueue(name), arguments: quorum },
    ],
    bindings: [
      ...numbers.flatMap((n) =>
        slotsOf(n, partitions).flatMap((slot) => [
          ...categories.map((category) => ({
            exchange: exchanges.events,
            queue: partitionQueue(name, n),
            key: eventKey(category, '*', slot),
          })),
          { exchange: exchanges.redeliveries, queue: partitionQueue(name, n), key: `${name}.*.${slot}` },
        ]),
      ),
      ...retryDelaysMs.map((delayMs) => ({
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
    queues: [{ name: unroutedQueue, arguments: quorum }, ...each.flatMap(({ queues }) => queues)],
    bindings: [
      { exchange: exchanges.unrouted, queue: unroutedQueue, key: '' },
      ...each.flatMap(({ bindings }) => bindings),
    ],
  };
}
