import { Fault } from '../kernel/fault.ts';
import type { StoredEvent } from '../store/eventStore.ts';
import type { Consumer } from './consumer.ts';
import { toMalformedDeadLetter } from './deadLetters.ts';
import { parseBody } from './message.ts';
import type { IncomingMessage } from './rmqBatch.ts';
import type { ReadableMessage } from './streamNews.ts';

/** The place in the whole store that the relay writes into a header. */
function toPosition(headers: IncomingMessage['headers']): Pick<StoredEvent, 'position'> {
  const { position } = headers;
  return typeof position === 'string' && /^\d{1,19}$/.test(position) ? { position: BigInt(position) } : {};
}

function read({ body, headers, redelivered }: IncomingMessage): ReadableMessage {
  const { event, ...message } = parseBody(body);
  const placed = event && { event: { ...event, ...toPosition(headers) } };
  return { ...message, ...placed, isRedelivered: redelivered };
}

/**
 * The messages of a batch that can be read; the others are in the dead-letter queue, as they came.
 *
 * @throws Fault broker/unavailable: then nothing is settled
 */
export async function readBatch<View>(
  { consumer, publisher, clock, logger, metrics }: Consumer<View>,
  messages: readonly IncomingMessage[],
): Promise<readonly ReadableMessage[]> {
  const readable: ReadableMessage[] = [];
  const malformed: Promise<void>[] = [];
  for (const message of messages) {
    try {
      readable.push(read(message));
    } catch (error) {
      if (!(error instanceof Fault) || error.code !== 'broker/malformed-message') throw error;
      logger.error('malformed message', error, { consumer, messageId: message.messageId });
      metrics.add('DeadLetters', 'Count', 1);
      malformed.push(publisher.publish(toMalformedDeadLetter(consumer, message, error.message, clock.now())));
    }
  }
  await Promise.all(malformed);
  return readable;
}
