import { exchanges } from '../topology.ts';

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
 * The least that each role needs. Declaring passively, which tells how deep a queue is, needs no right.
 * Source: rabbitmq.com/docs/access-control, "Authorisation: How Permissions Work".
 */
export const permissionsOf: Readonly<Record<BrokerRole, Permissions>> = {
  /** Publishes events and nothing else. */
  relay: { configure: nothing, write: oneOf(exchanges.events), read: nothing },
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
