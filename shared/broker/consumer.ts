import type { Clock } from '../kernel/clock.ts';
import type { Logger } from '../observe/logger.ts';
import type { EventStore, StoredEvent } from '../store/eventStore.ts';
import type { Cursors } from './cursors.ts';
import type { Publisher } from './publisher.ts';

/**
 * Too early: the event stays the next one of its stream and is handled again at `dueAt`, by a hint through the delay
 * queues, or before that when there is news of the stream. Nothing has failed, and no attempt is counted. Whether the time
 * has come is for the handler to say each time it is asked; the hint only makes it look.
 */
export class Postponed {
  readonly dueAt: Date;

  constructor(dueAt: Date) {
    this.dueAt = dueAt;
  }
}

/**
 * Applies one event and answers the view after it; a reaction has no view and answers undefined. It is called with each
 * stream's events in order, never twice at a time for one stream in one invocation, and again with the same event after
 * a crash: what it does must be repeatable. It may answer that it is too early.
 */
export type Handler<View> = (view: View | undefined, event: StoredEvent) => Promise<View | Postponed | undefined>;

export interface ConsumerDeps<View> {
  /** As the topology names it. */
  readonly consumer: string;
  readonly store: Pick<EventStore, 'read'>;
  readonly cursors: Cursors<View>;
  readonly publisher: Pick<Publisher, 'publish'>;
  readonly clock: Pick<Clock, 'now' | 'elapsedMs'>;
  readonly logger: Logger;
}
