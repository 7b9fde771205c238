import { exchanges, unroutedQueue } from '../topology.ts';

/** What a user may do in the virtual host, as RabbitMQ has it: regular expressions over names of exchanges and queues. */
export interface Permissions {
  readonly configure: string;
  readonly write: string;
  readonly read: string;
}

/** Who connects to the broker. Nobody but the deploy step may declare anything. */
export type BrokerRole = 'relay' | 'consumer' | 'operator';

const nothing = '^$';

/** The default exchange, which reaches any queue by its name, by the name that permissions know it under. */
const defaultExchange = 'amq\\.default';

const oneOf = (...names: readonly string[]): string => `^(${names.join('|')})$`;

/**
 * The least that each role needs. Declaring passively, which tells how deep a queue is, needs no right up to 4.2.5; 4.2.6 and
 * 4.3.0 ask for `configure`, which nobody has; from 4.2.7 and 4.3.1 on any right on that queue is enough.
 * Source: rabbitmq.com/docs/access-control, "Authorisation: How Permissions Work"; rabbitmq-server pull requests 16085, 16272.
 */
export const permissionsOf: Readonly<Record<BrokerRole, Permissions>> = {
  /** Publishes events, and looks how many of them nobody is bound for. */
  relay: { configure: nothing, write: oneOf(exchanges.events), read: oneOf(unroutedQueue) },
  /** Lambda's mappings read feeding queues with it; functions publish retries and dead letters. */
  consumer: {
    configure: nothing,
    write: oneOf(exchanges.retries, exchanges.redeliveries, defaultExchange),
    read: '^[a-z-]+\\.([0-9]+|late)$',
  },
  /** Looks at what went wrong, and sends it round again. */
  operator: {
    configure: nothing,
    write: oneOf(exchanges.redeliveries, defaultExchange),
    read: '^([a-z-]+-dlq|unrouted)$',
  },
};

/**
 * What each role may do beyond its virtual host's exchanges and queues. `management` is the least with which the HTTP API
 * answers at all: it shows the virtual hosts that the user has a right in, their queues and how deep these are, and no other
 * user's connections. Source: rabbitmq.com/docs/management, "Access and Permissions".
 */
export const tagsOf: Readonly<Record<BrokerRole, readonly string[]>> = {
  relay: [],
  consumer: [],
  operator: ['management'],
};
