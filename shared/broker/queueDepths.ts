/** What waits in one queue. */
export interface QueueTotals {
  /** Messages that are ready to be read. */
  readonly ready: number;
  /** Those, and those that somebody holds and has not acknowledged. */
  readonly all: number;
}

/**
 * What waits in each queue of the virtual host, by the queue's name; one that the broker can say nothing of is left out. The
 * numbers may be some seconds old: RabbitMQ's quorum queues tell theirs every 5 s, and one whose leader has only just moved
 * counts as empty until then.
 *
 * @throws Fault broker/unavailable, broker/refused
 */
export type ReadQueueDepths = () => Promise<ReadonlyMap<string, QueueTotals>>;
