import type { Message } from '../queues/message.ts';
import type { QueuedMessage } from '../queues/queuedMessage.ts';
import { toDelivered } from '../queues/toDelivered.ts';
import { AmqpError } from '../wire/amqpError.ts';
import { typeName } from '../wire/fieldNames.ts';
import { integerOf } from '../wire/fieldTable.ts';
import type { MethodOf } from '../wire/methods.ts';
import { ChannelConsumer, type ConsumerHost } from './channelConsumer.ts';
import type { ChannelLink } from './channelLink.ts';
import { Deliveries, type Delivery, putBack } from './deliveries.ts';
import { DirectReply } from './directReply.ts';
import { findOwnQueue, generateName } from './queueMethods.ts';

/** How a channel speaks to its client of deliveries. */
export interface Outlet {
  deliver(consumerTag: string, deliveryTag: number, isRedelivered: boolean, message: Message): void;
  /** The broker has ended a consumer. */
  cancel(consumerTag: string): void;
}

/** The consumers of one channel, what they were given, and how much they may be given. */
export class Consumption implements ConsumerHost {
  readonly #link: ChannelLink;
  readonly #outlet: Outlet;
  #reply: DirectReply | undefined;
  readonly #consumers = new Map<string, ChannelConsumer>();
  readonly deliveries = new Deliveries();
  /** For consumers to come (`basic.qos` with global=false). */
  #prefetch = 0;
  /** For all of the channel together (global=true). */
  #sharedPrefetch = 0;
  #unsettled = 0;
  #isOpen = true;

  constructor(link: ChannelLink, outlet: Outlet) {
    this.#link = link;
    this.#outlet = outlet;
  }

  /** Where replies to this channel go, while it consumes from `amq.rabbitmq.reply-to`. */
  get replyAddress(): string | undefined {
    return this.#reply?.name;
  }

  limit({ prefetchSize, prefetchCount, global: isShared }: MethodOf<'basic.qos'>): void {
    if (prefetchSize !== 0) throw new AmqpError('NOT_IMPLEMENTED', `prefetch_size!=0 (${prefetchSize})`);
    if (!isShared) {
      this.#prefetch = prefetchCount;
      return;
    }
    this.#sharedPrefetch = prefetchCount;
    this.wakeAll();
  }

  /** Checks and makes the consumer; it is given nothing before its queue next delivers, so that consume-ok comes first. */
  subscribe(method: MethodOf<'basic.consume'>, queueName: string): ChannelConsumer {
    const { vhost, owner } = this.#link;
    const queue = findOwnQueue(vhost, owner, queueName);
    const tag = method.consumerTag === '' ? generateName('amq.ctag-') : method.consumerTag;
    if (this.#consumers.has(tag)) throw new AmqpError('NOT_ALLOWED', `attempt to reuse consumer tag '${tag}'`);
    const priority = method.arguments.get('x-priority');
    if (priority && integerOf(priority) === undefined) {
      const text = `invalid arg 'x-priority' for ${queue.title}: "expected integer, got ${typeName(priority)}"`;
      throw new AmqpError('PRECONDITION_FAILED', text);
    }
    const consumer = new ChannelConsumer(this, queue, {
      tag,
      isNoAck: method.noAck,
      isExclusive: method.exclusive,
      priority: integerOf(priority) ?? 0,
      prefetch: method.noAck ? 0 : this.#prefetch,
    });
    queue.subscribe(consumer);
    this.#consumers.set(tag, consumer);
    return consumer;
  }

  /** Makes the channel reachable for direct replies; returns the consumer tag. Replies can't be acknowledged. */
  awaitReplies({ consumerTag, noAck }: MethodOf<'basic.consume'>): string {
    if (!noAck) throw new AmqpError('PRECONDITION_FAILED', 'reply consumer cannot acknowledge');
    if (this.#reply) throw new AmqpError('PRECONDITION_FAILED', 'reply consumer already set');
    const tag = consumerTag === '' ? generateName('amq.ctag-') : consumerTag;
    this.#reply = new DirectReply(tag, (message) => {
      this.#outlet.deliver(tag, this.deliveries.nextTag(), false, message);
    });
    this.#link.vhost.addReplyTarget(this.#reply);
    return tag;
  }

  /** Cancelling what isn't there is no error. What it was given stays open. */
  cancel(tag: string): void {
    if (this.#reply?.consumerTag === tag) this.#endReplies();
    const consumer = this.#consumers.get(tag);
    if (consumer === undefined) return;
    this.#consumers.delete(tag);
    consumer.queue.unsubscribe(consumer);
  }

  hasRoom({ subscription }: ChannelConsumer): boolean {
    if (!this.#isOpen) return false;
    const isFull = this.#sharedPrefetch !== 0 && this.#unsettled >= this.#sharedPrefetch;
    return (subscription.isNoAck || !isFull) && this.#link.outbox.hasRoom();
  }

  deliver(consumer: ChannelConsumer, queued: QueuedMessage): void {
    const tag = this.deliveries.nextTag();
    if (!consumer.subscription.isNoAck) {
      this.deliveries.add({ tag, queue: consumer.queue, queued, consumer });
      consumer.unsettled += 1;
      this.#unsettled += 1;
    }
    this.#outlet.deliver(consumer.tag, tag, queued.isRedelivered, toDelivered(consumer.queue, queued));
  }

  consumerCancelled(consumer: ChannelConsumer): void {
    this.#consumers.delete(consumer.tag);
    if (this.#link.hearsCancels) this.#outlet.cancel(consumer.tag);
  }

  /** Counts settled deliveries off, after which their consumers may be given more. */
  release(settled: readonly Delivery[]): void {
    const consumers = new Set<ChannelConsumer>();
    for (const { consumer } of settled) {
      if (consumer === undefined) continue;
      consumer.unsettled -= 1;
      this.#unsettled -= 1;
      consumers.add(consumer);
    }
    if (this.#sharedPrefetch !== 0) this.wakeAll();
    else for (const consumer of consumers) consumer.queue.wake(consumer);
  }

  wakeAll(): void {
    for (const consumer of [...this.#consumers.values()]) consumer.queue.wake(consumer);
  }

  /** Takes no more, whatever comes back to the queues from now on. */
  stop(): void {
    this.#isOpen = false;
  }

  /** The channel is over: consumers go, and what is open goes back to its queues. */
  close(): void {
    const consumers = [...this.#consumers.values()];
    this.stop();
    this.#endReplies();
    this.#consumers.clear();
    putBack(this.deliveries.takeAll(), 'lost');
    for (const consumer of consumers) consumer.queue.unsubscribe(consumer);
  }

  #endReplies(): void {
    if (this.#reply) this.#link.vhost.removeReplyTarget(this.#reply.name);
    this.#reply = undefined;
  }
}
