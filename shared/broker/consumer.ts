import type { Clock } from '../kernel/clock.ts';
import type { Logger } from '../observe/logger.ts';
import type { Metrics } from '../observe/metrics.ts';
import type { EventStore, StoredEvent } from '../store/eventStore.ts';
import type { Cursors } from './cursors.ts';
import { createOutages, type Outages } from './outages.ts';
import type { Publisher } from './publisher.ts';

export interface HandlerContext {
  /** Aborts when the event's time is over: nobody waits for the handler any more, and the event is tried again. */
  readonly signal: AbortSignal;
}

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
export type Handler<View> = (
  view: View | undefined,
  event: StoredEvent,
  context: HandlerContext,
) => Promise<View | Postponed | undefined>;

/** How a consumer works, beside what it does. */
export interface ConsumerOptions {
  /** Types of events that its handler acts on; others move the cursor alone. Without it: every event. */
  readonly handles?: readonly string[];
  /**
   * Its effect is in the outside world: it claims a stream before the effect, so that nobody else works on it meanwhile,
   * and writes down each effect before the next.
   */
  readonly isOutside?: boolean;
  /** Longest time for one event; it then counts as failed, and is tried again. Default 15 s. */
  readonly timeLimitMs?: number;
  /** The same for first deliveries, where retries come by the late queue: the rest of a batch waits no longer than this. */
  readonly patienceMs?: number;
  /**
   * Where a consumer starts that is new to a system with history: events before this commit position move the cursor and
   * have no effect. A view starts at the beginning, the default.
   */
  readonly startFrom?: 'beginning' | { readonly position: bigint };
  /** Streams of one batch that are worked on side by side. Default 64. */
  readonly maxConcurrent?: number;
}

export interface ConsumerDeps<View> {
  /** As the topology names it. */
  readonly consumer: string;
  readonly store: Pick<EventStore, 'read'>;
  readonly cursors: Cursors<View>;
  readonly publisher: Pick<Publisher, 'publish'>;
  readonly clock: Pick<Clock, 'now' | 'elapsedMs' | 'sleep'>;
  readonly logger: Logger;
  readonly metrics: Metrics;
  /** Of this process, or of what stands for one: tells runs of its own from those of processes that are gone. */
  readonly instance: string;
  /** Answers a number in [0, 1): spreads retries. */
  readonly random: () => number;
}

/** Everything that a run needs, with all that was left out said. */
export interface Consumer<View> extends ConsumerDeps<View> {
  readonly handler: Handler<View>;
  readonly options: Required<Omit<ConsumerOptions, 'handles'>> & Pick<ConsumerOptions, 'handles'>;
  /** Owners of claims whose runs are under way in this process. */
  readonly active: Set<string>;
  readonly outages: Outages;
}

export function toConsumer<View>(
  deps: ConsumerDeps<View>,
  handler: Handler<View>,
  options: ConsumerOptions = {},
): Consumer<View> {
  const { timeLimitMs = 15_000 } = options;
  const defaults = { isOutside: false, patienceMs: timeLimitMs, startFrom: 'beginning', maxConcurrent: 64 } as const;
  return {
    ...deps,
    handler,
    options: { ...defaults, ...options, timeLimitMs },
    active: new Set(),
    outages: createOutages(),
  };
}
