import type { EventLog } from '../log/eventLog.ts';
import { guarded } from '../log/guarded.ts';
import type { Consumer } from './consumer.ts';
import type { Feed, MessageSource } from './feed.ts';
import type { Message } from './message.ts';
import type { MessageQueue } from './messageQueue.ts';
import type { Strategy } from './settings.ts';
import { createDispatcher, type Dispatcher } from './strategies.ts';

/** How far is read ahead of what consumers can take, when later messages may overtake; how far a search goes. */
const READ_AHEAD = 500;
/** How many messages go out before others get their turn. */
const MESSAGES_A_TURN = 500;

/**
 * Hands out messages while consumers take more: those to be delivered again, then those replayed, then what is next.
 * What is with a consumer is known by its id, the way consumers settle it.
 */
export class Delivery {
  readonly consumers = new Set<Consumer>();
  readonly #feed: Feed<MessageSource>;
  readonly #replays: Feed<MessageSource>;
  readonly #dispatcher: Dispatcher;
  readonly #owners = new Map<string, Consumer>();
  #left = 0;
  #isScheduled = false;

  constructor(log: EventLog, strategy: Strategy, feed: Feed<MessageSource>, replays: Feed<MessageSource>) {
    this.#feed = feed;
    this.#replays = replays;
    this.#dispatcher = createDispatcher(strategy, log);
  }

  get inFlightCount(): number {
    return this.#owners.size;
  }

  add(consumer: Consumer): void {
    this.consumers.add(consumer);
    this.#dispatcher.add(consumer);
    this.proceed();
  }

  remove(consumer: Consumer): void {
    if (!this.consumers.delete(consumer)) return;
    this.#dispatcher.remove(consumer);
    for (const message of consumer.inFlight.values()) {
      this.#owners.delete(message.id);
      this.again(message);
    }
    consumer.inFlight.clear();
    this.proceed();
  }

  /** Ends every consumer's call. */
  stop(): void {
    const consumers = [...this.consumers];
    this.consumers.clear();
    for (const consumer of consumers) consumer.drop();
  }

  /** The message of this id, if the consumer has it; afterwards it has it no longer. */
  takeBack(consumer: Consumer, id: string): Message | undefined {
    const message = consumer.inFlight.get(id);
    if (!message) return undefined;
    consumer.inFlight.delete(id);
    this.#owners.delete(id);
    return message;
  }

  /** Puts a message that was taken back among those to be delivered again. */
  again(message: Message): void {
    message.retryCount++;
    (message.isReplayed ? this.#replays : this.#feed).retries.add(message);
  }

  /** Up to `limit` messages that were sent at that time or before. */
  expired(sentByMs: number, limit: number): { readonly consumer: Consumer; readonly message: Message }[] {
    const found = [];
    for (const consumer of this.consumers) {
      // A consumer has them in the order in which they were sent.
      for (const message of consumer.inFlight.values()) {
        if (message.sentAtMs > sentByMs || found.length === limit) break;
        found.push({ consumer, message });
      }
    }
    return found;
  }

  /** Hands out what there is to consumers that take more. */
  proceed(): void {
    this.#left = MESSAGES_A_TURN;
    const { retries } = this.#feed;
    if (this.#takesMore && this.#drain(retries) && this.#drain(this.#replays.retries)) {
      if (this.#drainFeed(this.#replays)) this.#drainFeed(this.#feed);
    }
    if (this.#left <= 0 && this.#takesMore) this.#proceedLater();
  }

  get #takesMore(): boolean {
    for (const consumer of this.consumers) if (consumer.takesMore) return true;
    return false;
  }

  #proceedLater(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    setImmediate(() => {
      this.#isScheduled = false;
      guarded('the delivery of a group', () => this.proceed());
    });
  }

  /** Returns false when nothing later may go out either. */
  #drainFeed(feed: Feed<MessageSource>): boolean {
    while (this.#drain(feed.readAhead)) {
      if (feed.readAhead.size >= READ_AHEAD) return false;
      const next = feed.next();
      if (next === undefined) return true;
      if (next === 'later') {
        this.#proceedLater();
        return false;
      }
      feed.readAhead.add(next);
    }
    return false;
  }

  /** Returns false when nothing later may go out either. */
  #drain(queue: MessageQueue): boolean {
    let goesOn = true;
    let waiting = 0;
    queue.offer((message) => {
      // The same id twice waits for the first to be settled.
      const consumer = this.#left > 0 && !this.#owners.has(message.id) ? this.#dispatcher.choose(message) : undefined;
      if (consumer) {
        this.#left--;
        message.sentAtMs = Date.now();
        this.#owners.set(message.id, consumer);
        consumer.give(message);
        return 'take';
      }
      goesOn = this.#left > 0 && this.#dispatcher.letsOvertake;
      return goesOn && ++waiting < READ_AHEAD ? 'leave' : 'stop';
    });
    return goesOn;
  }
}
