import type { MemoryWatch } from '../alarm.ts';
import type { Clock } from '../clock.ts';
import { AmqpError } from '../wire/amqpError.ts';
import type { FieldTable } from '../wire/fieldTable.ts';
import type { Consumer } from './consumer.ts';
import { ConsumerRing } from './consumerRing.ts';
import type { DeathReason } from './deadLetter.ts';
import { HeadExpiry } from './headExpiry.ts';
import type { Message } from './message.ts';
import { Places, type ReturnCause } from './places.ts';
import type { QueuedMessage } from './queuedMessage.ts';
import { type QueueSettings, toQueueSettings } from './queueSettings.ts';
import { ReadyMessages } from './readyMessages.ts';
import { expiresAt, hasExcess, rejects } from './retention.ts';
import { UnusedQueueTimer } from './unusedQueueTimer.ts';

/** What a queue asks of the virtual host it is in. */
export interface QueueHost {
  readonly clock: Clock;
  readonly memory: MemoryWatch;
  deadLetter(queue: Queue, message: Message, reason: DeathReason): void;
  /** It is auto-delete and unused, or its `x-expires` has passed. */
  removeQueue(queue: Queue): void;
}

export interface QueueDeclaration {
  readonly name: string;
  readonly isDurable: boolean;
  readonly isAutoDelete: boolean;
  /** The connection that declared it exclusive; nobody else may touch it, and it goes with that connection. */
  readonly owner: object | undefined;
  readonly args: FieldTable;
}

/** One queue: what waits in it, and who is given it. What was given and not settled is with the channels. */
export class Queue {
  readonly kind = 'queue';
  readonly declaration: QueueDeclaration;
  readonly settings: QueueSettings;
  /** How error texts name it: `queue 'q' in vhost '/'`. */
  readonly title: string;
  readonly #host: QueueHost;
  readonly #ready: ReadyMessages;
  readonly #consumers: ConsumerRing;
  readonly #expiry: HeadExpiry;
  readonly #unused: UnusedQueueTimer;
  readonly #places: Places;
  #isDeleted = false;

  constructor(host: QueueHost, declaration: QueueDeclaration, title: string) {
    this.#host = host;
    this.declaration = declaration;
    this.title = title;
    this.settings = toQueueSettings(declaration.args);
    this.#ready = new ReadyMessages(host.memory, this.settings.maxPriority);
    this.#places = new Places(this.settings);
    this.#consumers = new ConsumerRing(this.settings.isSingleActive);
    this.#expiry = new HeadExpiry(host.clock, this.#ready, (queued) => this.#die(queued, 'expired'));
    this.#unused = new UnusedQueueTimer(host.clock, this.settings.expiresMs, () => {
      if (this.#consumers.count === 0) host.removeQueue(this);
    });
  }

  get name(): string {
    return this.declaration.name;
  }

  get messageCount(): number {
    return this.#ready.count;
  }

  get consumerCount(): number {
    return this.#consumers.count;
  }

  /** Appends the message and gives it out if someone has room; false if the queue is full and rejects. */
  publish(message: Message): boolean {
    if (rejects(this.settings, this.#ready)) {
      if (this.settings.overflow === 'reject-publish-dlx') this.#host.deadLetter(this, message, 'maxlen');
      return false;
    }
    const queued = this.#toQueued(message);
    const consumer = this.#ready.count === 0 ? this.#consumers.next() : undefined;
    if (consumer) {
      // Someone waits for it: it never lies in the queue, where even a time to live of 0 would end it.
      consumer.deliver(queued);
      return true;
    }
    this.#ready.arrive(queued);
    this.deliver();
    this.#dropExcess();
    this.#expiry.watch();
    return true;
  }

  /** Gives out what waits, as long as a consumer has room. */
  deliver(): void {
    if (this.#consumers.count === 0) return;
    for (;;) {
      this.#expiry.sweep();
      if (this.#ready.count === 0) break;
      const consumer = this.#consumers.next();
      if (consumer === undefined) break;
      const queued = this.#ready.take();
      if (queued) consumer.deliver(queued);
    }
    this.#expiry.watch();
  }

  /** Takes the first message for a `basic.get`. */
  get(): QueuedMessage | undefined {
    this.#unused.touch();
    this.#expiry.sweep();
    const queued = this.#ready.take();
    this.#expiry.watch();
    return queued;
  }

  /** Puts messages that were given out back, or gives them up at a quorum queue's delivery limit. */
  putBack(returned: readonly QueuedMessage[], cause: ReturnCause): void {
    if (this.#isDeleted) return;
    for (const queued of returned) {
      queued.isRedelivered = true;
      queued.deliveryCount += 1;
      queued.place = this.#places.returned(queued.place, cause);
      if (queued.deliveryCount > this.settings.deliveryLimit) this.#die(queued, 'delivery_limit');
      else this.#ready.putBack(queued);
    }
    this.#dropExcess();
    this.deliver();
    this.#expiry.watch();
  }

  /** Dead-letters a message that a consumer rejected for good. */
  reject(queued: QueuedMessage): void {
    if (!this.#isDeleted) this.#die(queued, 'rejected');
  }

  /** Throws away what waits; returns how much it was. */
  purge(): number {
    const { count } = this.#ready;
    while (this.#ready.take());
    return count;
  }

  /** Adds a consumer. Refuses with 403 where one of the two wants the queue for itself. */
  subscribe(consumer: Consumer): void {
    const isTaken = this.#consumers.all.some((other) => other.isExclusive);
    if (isTaken || (consumer.isExclusive && this.#consumers.count > 0)) {
      throw new AmqpError('ACCESS_REFUSED', `${this.title} in exclusive use`);
    }
    this.#consumers.add(consumer);
  }

  unsubscribe(consumer: Consumer): void {
    if (!this.#consumers.remove(consumer)) return;
    this.#unused.touch();
    if (this.declaration.isAutoDelete && this.#consumers.count === 0) this.#host.removeQueue(this);
    else this.deliver();
  }

  /** The consumer may have room again. */
  wake(consumer: Consumer): void {
    this.#consumers.wake(consumer);
    this.deliver();
  }

  /** It was declared again. */
  touch(): void {
    this.#unused.touch();
  }

  /** Ends it: consumers are told, messages are gone and, as in RabbitMQ, not dead-lettered. */
  close(): void {
    this.#isDeleted = true;
    this.#expiry.stop();
    this.#unused.stop();
    for (const consumer of this.#consumers.all) consumer.cancelledByBroker();
    this.purge();
  }

  #toQueued(message: Message): QueuedMessage {
    const { priority } = message;
    const endsAt = expiresAt(this.settings, message, this.#host.clock.now);
    return { message, place: this.#places.next(), priority, expiresAt: endsAt, deliveryCount: 0, isRedelivered: false };
  }

  #dropExcess(): void {
    while (hasExcess(this.settings, this.#ready)) {
      const dropped = this.#ready.take();
      if (dropped) this.#die(dropped, 'maxlen');
    }
  }

  #die(queued: QueuedMessage, reason: DeathReason): void {
    this.#host.deadLetter(this, queued.message, reason);
  }
}
