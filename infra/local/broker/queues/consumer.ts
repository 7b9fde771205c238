import type { QueuedMessage } from './queuedMessage.ts';

/** A consumer as its queue sees it. */
export interface Consumer {
  readonly tag: string;
  readonly isExclusive: boolean;
  /** Consumers of a higher one are served first; others get what those can't take. */
  readonly priority: number;
  /** Whether it may be sent one more message now: prefetch, flow and the socket's buffer allow it. */
  hasRoom(): boolean;
  deliver(queued: QueuedMessage): void;
  /** Its queue is gone, or handed to another single active consumer's channel: it gets nothing more. */
  cancelledByBroker(): void;
}
