import type { Clock } from '../kernel/clock.ts';
import type { Logger } from '../observe/logger.ts';
import type { EventStore, StoredEvent } from '../store/eventStore.ts';
import type { Cursors } from './cursors.ts';
import type { Publisher } from './publisher.ts';

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
