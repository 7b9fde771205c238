import type { DeadLetterQueue, QueuedMessage } from './deadLetterQueue.ts';

/** The port in memory: for tests of what stands on it. `put` is the broker's part. */
export function createInMemoryDeadLetterQueue(): DeadLetterQueue & {
  put(queue: string, message: QueuedMessage): void;
  messages(queue: string): readonly QueuedMessage[];
} {
  const queues = new Map<string, readonly QueuedMessage[]>();
  const messages = (queue: string): readonly QueuedMessage[] => queues.get(queue) ?? [];
  return {
    put: (queue, message) => void queues.set(queue, [...messages(queue), message]),
    messages,
    async look(queue, limit, judge) {
      const looked = messages(queue).slice(0, limit);
      if (looked.length === 0) return;
      queues.set(queue, messages(queue).slice(limit));
      let kept = looked;
      try {
        const verdicts = await judge(structuredClone(looked));
        kept = looked.filter((_, n) => verdicts[n] !== 'remove');
      } finally {
        queues.set(queue, [...kept, ...messages(queue)]);
      }
    },
  };
}
