import type { Channel, GetMessage } from 'amqplib';

/**
 * The first messages of a queue, `limit` at most, none of them settled. One after the other: the client sends the next
 * request when the one before is answered, however many it is given at once.
 */
export async function getUpTo(channel: Channel, queue: string, limit: number): Promise<readonly GetMessage[]> {
  const messages: GetMessage[] = [];
  while (messages.length < limit) {
    const message = await channel.get(queue);
    if (message === false) break;
    messages.push(message);
  }
  return messages;
}
