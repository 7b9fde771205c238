import type { QueueTotals, ReadQueueDepths } from '../../../shared/broker/queueDepths.ts';
import {
  type ConsumerTopology,
  deadLetterQueue,
  feedingQueues,
  unroutedQueue,
} from '../../../shared/broker/topology.ts';
import { Fault } from '../../../shared/kernel/fault.ts';
import type { Metrics } from '../../../shared/observe/metrics.ts';

export interface Deps {
  readonly consumers: readonly ConsumerTopology[];
  readonly readDepths: ReadQueueDepths;
  /** Where a consumer's own figures go: `QueueDepth` and `DeadLettersWaiting`, noughts included. */
  readonly metricsOf: (consumer: string) => Metrics;
  /** Where the broker's go: `Unrouted`. */
  readonly metrics: Metrics;
}

/**
 * Every minute: tells how much waits in each consumer's feeding queues, how many dead letters lie in its queue of them, and
 * how many messages nobody is bound for. RabbitMQ 4 on Amazon MQ tells CloudWatch nothing of single queues. A figure of which
 * a queue is missing is not told, since a smaller one would pass for good news.
 *
 * @throws Fault broker/unroutable naming queues that the broker tells nothing of, after all other figures are told
 */
export const createHandler =
  ({ consumers, readDepths, metricsOf, metrics }: Deps) =>
  async (): Promise<void> => {
    const depths = await readDepths();
    const untold: string[] = [];
    const add = (to: Metrics, name: string, what: keyof QueueTotals, queues: readonly string[]): void => {
      const counts = queues.flatMap((queue) => depths.get(queue)?.[what] ?? []);
      const sum = counts.reduce((total, count) => total + count, 0);
      if (counts.length === queues.length) to.add(name, 'Count', sum);
      else untold.push(...queues.filter((queue) => !depths.has(queue)));
    };
    for (const consumer of consumers) {
      const own = metricsOf(consumer.name);
      // What is read and not settled yet is under way; of a dead letter that is a look at it, after which it is back.
      add(own, 'QueueDepth', 'ready', feedingQueues(consumer));
      add(own, 'DeadLettersWaiting', 'all', [deadLetterQueue(consumer.name)]);
      own.flush();
    }
    add(metrics, 'Unrouted', 'all', [unroutedQueue]);
    metrics.flush();
    if (untold.length === 0) return;
    throw new Fault('broker/unroutable', `nothing is told of ${untold.join(', ')}: no such queue, or its node is away`);
  };
