import type { QueuedMessage } from '../broker/deadLetterQueue.ts';
import { createInMemoryDeadLetterQueue } from '../broker/inMemoryDeadLetterQueue.ts';
import type { OutgoingMessage } from '../broker/publisher.ts';
import { exchanges } from '../broker/topology.ts';
import { makeConsumer, messages } from './consumerRig.ts';
import { toRmqEvent } from './lambdaEvents.ts';

/** As it lies in its queue. */
export const toQueued = ({ messageId, type, correlationId, headers, body }: OutgoingMessage): QueuedMessage => ({
  messageId,
  type,
  correlationId,
  headers,
  body,
});

/** A consumer named `test`, its dead-letter queue, and what operators need: over ports in memory. */
export function makeOperations() {
  const rig = makeConsumer();
  const { cursors, store, clock, logger, published, consume, failures, append } = rig;
  const queue = createInMemoryDeadLetterQueue();
  const hints: unknown[] = [];

  /** What was published reaches its queue, and hints their consumer. */
  async function deliver(): Promise<void> {
    for (const message of published.splice(0)) {
      if (message.exchange === '' && message.routingKey.endsWith('-dlq'))
        queue.put(message.routingKey, toQueued(message));
      else if (message.exchange === exchanges.redeliveries || message.exchange === '') hints.push(message);
      if (message.exchange !== exchanges.redeliveries && message.routingKey !== 'test.0') continue;
      await consume(toRmqEvent({ body: Buffer.from(message.body).toString() }));
      await deliver();
    }
  }

  return {
    ...rig,
    queue,
    hints,
    deliver,
    deps: {
      tables: { test: cursors },
      queue,
      store,
      // Waiting takes no time here but the clock's own.
      clock: { ...clock, sleep: (ms: number) => clock.pass(ms) },
      logger,
      publisher: { publish: async (message: OutgoingMessage) => void published.push(message) },
    },
    letters: () => queue.messages('test-dlq'),
    /** A stream of its own whose second event fails like this. */
    async block(stream: string, failure: () => Error): Promise<void> {
      const events = await append(['a', `${stream} fails`, 'c'], stream);
      failures.set(`${stream} fails`, failure);
      await consume(messages(...events));
      await deliver();
      await clock.pass(1_000);
    },
  };
}
