// Way 6/7: consume: batch -> done | retry | dead-letter; a repeat changes nothing, order per stream is kept
import type { Clock } from '../kernel/clock.ts';
import { Fault } from '../kernel/fault.ts';
import type { Logger } from '../observe/logger.ts';
import type { EventStore, StoredEvent } from '../store/eventStore.ts';
import type { Cursors } from './cursors.ts';
import { toMalformedDeadLetter } from './deadLetters.ts';
import { type EventMessage, parseBody } from './message.ts';
import type { Publisher } from './publisher.ts';
import { type IncomingMessage, parseRmqEvent } from './rmqBatch.ts';
import { runStream, type StreamNews } from './runStream.ts';

/**
 * Applies one event and answers the view after it; a reaction has no view and answers undefined. It is called with each
 * stream's events in order, never twice at a time for one stream in one invocation, and again with the same event after
 * a crash: what it does must be repeatable.
 */
export type Handler<View> = (view: View | undefined, event: StoredEvent) => Promise<View | undefined>;

export interface ConsumerDeps<View> {
  /** As the topology names it. */
  readonly consumer: string;
  readonly store: Pick<EventStore, 'read'>;
  readonly cursors: Cursors<View>;
  readonly publisher: Pick<Publisher, 'publish'>;
  readonly clock: Pick<Clock, 'now' | 'elapsedMs'>;
  readonly logger: Logger;
}

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
