import type { Consumer } from '../queues/consumer.ts';
import type { Queue } from '../queues/queue.ts';
import type { QueuedMessage } from '../queues/queuedMessage.ts';

/** What a consumer asks of its channel. */
export interface ConsumerHost {
  /** The channel's own limits and the socket's buffer. */
  hasRoom(consumer: ChannelConsumer): boolean;
  deliver(consumer: ChannelConsumer, queued: QueuedMessage): void;
  consumerCancelled(consumer: ChannelConsumer): void;
}

export interface Subscription {
  readonly tag: string;
  readonly isNoAck: boolean;
  readonly isExclusive: boolean;
  readonly priority: number;
  /** Unsettled messages at most; 0 for no limit. */
  readonly prefetch: number;
}

/** One subscription of a channel to a queue. */
export class ChannelConsumer implements Consumer {
  readonly queue: Queue;
  readonly subscription: Subscription;
  readonly #host: ConsumerHost;
  unsettled = 0;

  constructor(host: ConsumerHost, queue: Queue, subscription: Subscription) {
    this.#host = host;
    this.queue = queue;
    this.subscription = subscription;
  }

  get tag(): string {
    return this.subscription.tag;
  }

  get isExclusive(): boolean {
    return this.subscription.isExclusive;
  }

  get priority(): number {
    return this.subscription.priority;
  }

  hasRoom(): boolean {
    const { prefetch } = this.subscription;
    if (prefetch !== 0 && this.unsettled >= prefetch) return false;
    return this.#host.hasRoom(this);
  }

  deliver(queued: QueuedMessage): void {
    this.#host.deliver(this, queued);
  }

  cancelledByBroker(): void {
    this.#host.consumerCancelled(this);
  }
}
