import { emptyTable } from '../wire/fieldTable.ts';
import type { Message } from './message.ts';
import type { Queue } from './queue.ts';
import type { QueuedMessage } from './queuedMessage.ts';

/** What a queue gives out: a quorum queue counts deliveries, and says so in a header from the second on. */
export function toDelivered(queue: Queue, { message, deliveryCount }: QueuedMessage): Message {
  if (deliveryCount === 0 || queue.settings.type !== 'quorum') return message;
  const { headers = emptyTable, ...properties } = message.decoded;
  const counted = new Map(headers).set('x-delivery-count', { tag: 'l', value: BigInt(deliveryCount) });
  return message.withProperties({ ...properties, headers: counted });
}
