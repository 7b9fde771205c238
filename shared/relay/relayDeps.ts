import type { Publisher } from '../broker/publisher.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Logger } from '../observe/logger.ts';
import type { Metrics } from '../observe/metrics.ts';
import type { EventStore } from '../store/eventStore.ts';
import type { Lease } from './lease.ts';

export interface RelayDeps {
  readonly store: Pick<EventStore, 'readAll' | 'readHead'>;
  readonly publisher: Pick<Publisher, 'ready' | 'readDepth'>;
  readonly lease: Lease;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Metrics;
}

export interface RelayOptions {
  /** Most messages that wait for a confirm at a time, and most bytes of them: they bound the relay's memory. */
  readonly windowSize: number;
  readonly windowBytes: number;
  /** Longest wait for confirms when a run ends. */
  readonly drainMs: number;
  /** Least time between two writes of the checkpoint. */
  readonly checkpointMs: number;
}
