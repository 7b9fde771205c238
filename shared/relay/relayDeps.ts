import type { Publisher } from '../broker/publisher.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Logger } from '../observe/logger.ts';
import type { EventStore } from '../store/eventStore.ts';
import type { Lease } from './lease.ts';

export interface RelayDeps {
  readonly store: Pick<EventStore, 'readAll'>;
  readonly publisher: Pick<Publisher, 'ready'>;
  readonly lease: Lease;
  readonly clock: Clock;
  readonly logger: Logger;
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
