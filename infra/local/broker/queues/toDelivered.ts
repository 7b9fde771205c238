import { emptyTable } from '../wire/fieldTable.ts';
import type { Message } from './message.ts';
import type { Queue } from './queue.ts';
import type { QueuedMessage } from './queuedMessage.ts';

/** What a queue gives out: a quorum queue counts deliveries, and says so in a header from the second on. */
export function toDelivered(queue: Queue, { message, deliveryCount }: QueuedMessage): Message {
  if (deliveryCount === 0 || queue.settings.type !== 'quorum') return message;
  const headers = new Map(message.decoded.headers ?? emptyTable);
  headers.set('x-delivery-count', { tag: 'l', value: BigInt(deliveryCount) });
  return message.withProperties({ ...message.decoded, headers });
}
