import { type FieldTable, integerOf, textOf } from '../wire/fieldTable.ts';

export type QueueType = 'classic' | 'quorum';
export type Overflow = 'drop-head' | 'reject-publish' | 'reject-publish-dlx';

/** What a queue's arguments (`x-...`) mean. */
export interface QueueSettings {
  readonly type: QueueType;
  readonly messageTtlMs: number | undefined;
  /** The queue goes away after so long without consumer, get or declaration. */
  readonly expiresMs: number | undefined;
  readonly deadLetterExchange: string | undefined;
  /** Undefined: a dead letter keeps its routing keys. */
  readonly deadLetterRoutingKey: string | undefined;
  readonly maxLength: number;
  readonly maxBytes: number;
  readonly overflow: Overflow;
  readonly isSingleActive: boolean;
  readonly maxPriority: number;
  /** A quorum queue gives a message up when it was returned more often than this. */
  readonly deliveryLimit: number;
}

/** RabbitMQ 4's default for quorum queues; 3.x has none. */
const defaultDeliveryLimit = 20;

/** The settings of arguments that have passed `checkQueueArguments`. */
export function toQueueSettings(args: FieldTable): QueueSettings {
  const integer = (name: string): number | undefined => integerOf(args.get(name));
  const type = textOf(args.get('x-queue-type')) === 'quorum' ? 'quorum' : 'classic';
  const singleActive = args.get('x-single-active-consumer');
  const limit = integer('x-delivery-limit') ?? defaultDeliveryLimit;
  return {
    type,
    messageTtlMs: integer('x-message-ttl'),
    expiresMs: integer('x-expires'),
    deadLetterExchange: textOf(args.get('x-dead-letter-exchange')),
    deadLetterRoutingKey: textOf(args.get('x-dead-letter-routing-key')),
    maxLength: integer('x-max-length') ?? Number.POSITIVE_INFINITY,
    maxBytes: integer('x-max-length-bytes') ?? Number.POSITIVE_INFINITY,
    overflow: (textOf(args.get('x-overflow')) ?? 'drop-head') as Overflow,
    isSingleActive: singleActive?.tag === 't' && singleActive.value,
    maxPriority: integer('x-max-priority') ?? 0,
    deliveryLimit: type === 'quorum' && limit >= 0 ? limit : Number.POSITIVE_INFINITY,
  };
}
