// Way 6/7: consume: batch -> done | retry | dead-letter; a repeat changes nothing, order per stream is kept
import { Fault } from '../kernel/fault.ts';
import type { ConsumerDeps, Handler } from './consumer.ts';
import { toMalformedDeadLetter } from './deadLetters.ts';
import { type EventMessage, parseBody } from './message.ts';
import { type IncomingMessage, parseRmqEvent } from './rmqBatch.ts';
import { runStream, type StreamNews } from './runStream.ts';

/** Streams of one batch that are worked on side by side. */
const maxConcurrent = 16;

/**
 * A Lambda handler for batches from RabbitMQ. It settles every message itself and returns; it throws only when the
 * infrastructure that settling needs is gone, and then the whole batch comes again.
 */
export function createConsumer<View>(
  deps: ConsumerDeps<View>,
  handler: Handler<View>,
): (event: unknown) => Promise<void> {
  return async (event) => {
    const readable = await setMalformedAside(deps, parseRmqEvent(event));
    const news = groupByStream(readable);
    const loaded = await deps.cursors.load(news.map(({ stream }) => stream));
    await forEachConcurrently(news, (item) => runStream(deps, handler, item, loaded.get(item.stream)));
  };
}

async function setMalformedAside<View>(
  { consumer, publisher, clock, logger }: ConsumerDeps<View>,
  messages: readonly IncomingMessage[],
): Promise<readonly EventMessage[]> {
  const readable: EventMessage[] = [];
  for (const message of messages) {
    try {
      readable.push(parseBody(message.body));
    } catch (error) {
      if (!(error instanceof Fault) || error.code !== 'broker/malformed-message') throw error;
      logger.error('malformed message', error, { consumer, messageId: message.messageId });
      await publisher.publish(toMalformedDeadLetter(consumer, message, error.message, clock.now()));
    }
  }
  return readable;
}

function groupByStream(messages: readonly EventMessage[]): readonly StreamNews[] {
  const byStream = Map.groupBy(messages, ({ stream }) => stream);
  return [...byStream].map(([stream, ofStream]) => ({
    stream,
    head: ofStream.reduce((head, { revision }) => (revision > head ? revision : head), -1n),
    carried: new Map(ofStream.flatMap(({ revision, event }) => (event ? [[revision, event] as const] : []))),
    attempt: ofStream.reduce((highest, { attempt = 0 }) => Math.max(highest, attempt), 0),
  }));
}

/** Every item is worked on, also when some fail; then the first failure is thrown. */
async function forEachConcurrently<Item>(items: readonly Item[], work: (item: Item) => Promise<void>): Promise<void> {
  const failures: unknown[] = [];
  const queue = items.values();
  const worker = async (): Promise<void> => {
    for (const item of queue) await work(item).catch((error: unknown) => failures.push(error));
  };
  await Promise.all(Array.from({ length: Math.min(maxConcurrent, items.length) }, worker));
  if (failures.length > 0) throw failures[0];
}
