import type { MemoryWatch } from '../alarm.ts';
import type { Clock } from '../clock.ts';
import { type DeathReason, isDeadLetterCycle, toDeadLetter } from '../queues/deadLetter.ts';
import type { Message } from '../queues/message.ts';
import { Queue, type QueueDeclaration, type QueueHost } from '../queues/queue.ts';
import type { Destination } from '../routing/binding.ts';
import { Exchange, type ExchangeDeclaration } from '../routing/exchange.ts';
import { AmqpError } from '../wire/amqpError.ts';
import { createDefaultExchanges } from './defaultExchanges.ts';
import type { MessageTarget } from './directReply.ts';

const nowhere: readonly MessageTarget[] = [];

/** Exchanges, queues and the way between them. Everything a channel may do here has been checked by the channel. */
export class VirtualHost implements QueueHost {
  readonly name: string;
  readonly clock: Clock;
  readonly memory: MemoryWatch;
  readonly #exchanges = new Map<string, Exchange>();
  readonly #queues = new Map<string, Queue>();
  /** The queues that belong to one connection alone. */
  readonly #owned = new WeakMap<object, Set<Queue>>();
  /** Channels that wait for direct replies, by the address they gave out. */
  readonly #replyTargets = new Map<string, MessageTarget>();

  constructor(name: string, clock: Clock, memory: MemoryWatch) {
    this.name = name;
    this.clock = clock;
    this.memory = memory;
    for (const exchange of createDefaultExchanges()) this.#exchanges.set(exchange.name, exchange);
  }

  /** How error texts name something here: `queue 'q' in vhost '/'`. */
  title(kind: 'queue' | 'exchange', name: string): string {
    return `${kind} '${name}' in vhost '${this.name}'`;
  }

  findExchange(name: string): Exchange | undefined {
    return this.#exchanges.get(name);
  }

  /** The exchange, or 404. */
  exchange(name: string): Exchange {
    const exchange = this.#exchanges.get(name);
    if (exchange === undefined) throw new AmqpError('NOT_FOUND', `no ${this.title('exchange', name)}`);
    return exchange;
  }

  findQueue(name: string): Queue | undefined {
    return this.#queues.get(name);
  }

  /** The queue, or 404. */
  queue(name: string): Queue {
    const queue = this.#queues.get(name);
    if (queue === undefined) throw new AmqpError('NOT_FOUND', `no ${this.title('queue', name)}`);
    return queue;
  }

  addReplyTarget(target: MessageTarget): void {
    this.#replyTargets.set(target.name, target);
  }

  removeReplyTarget(name: string): void {
    this.#replyTargets.delete(name);
  }

  hasReplyTarget(name: string): boolean {
    return this.#replyTargets.has(name);
  }

  addExchange(declaration: ExchangeDeclaration): Exchange {
    const exchange = new Exchange(declaration);
    this.#exchanges.set(exchange.name, exchange);
    return exchange;
  }

  addQueue(declaration: QueueDeclaration): Queue {
    const queue = new Queue(this, declaration, this.title('queue', declaration.name));
    this.#queues.set(queue.name, queue);
    const { owner } = declaration;
    if (owner) this.#owned.set(owner, (this.#owned.get(owner) ?? new Set()).add(queue));
    return queue;
  }

  removeQueue(queue: Queue): void {
    if (!this.#queues.delete(queue.name)) return;
    const { owner } = queue.declaration;
    if (owner) this.#owned.get(owner)?.delete(queue);
    this.#unbindEverywhere(queue);
    queue.close();
  }

  removeExchange(exchange: Exchange): void {
    if (!this.#exchanges.delete(exchange.name)) return;
    this.#unbindEverywhere(exchange);
  }

  /** An auto-delete exchange goes with its last binding. */
  releaseExchange(exchange: Exchange): void {
    if (exchange.declaration.isAutoDelete && exchange.isUnused) this.removeExchange(exchange);
  }

  /** The queues that belonged to a connection alone, now that it is gone. */
  removeQueuesOf(owner: object): void {
    for (const queue of [...(this.#owned.get(owner) ?? [])]) this.removeQueue(queue);
  }

  /** The queues a message reaches from this exchange, each once. */
  route(exchange: Exchange, message: Message): Iterable<MessageTarget> {
    if (exchange.name === '' && message.copies.length === 0) {
      const target = this.#byName(message.routingKey);
      return target ? [target] : nowhere;
    }
    const targets = new Set<MessageTarget>();
    const seen = new Set<Exchange>([exchange]);
    for (const from of seen) {
      for (const destination of this.#destinations(from, message)) {
        if (destination instanceof Exchange) seen.add(destination);
        else targets.add(destination);
      }
    }
    return targets;
  }

  #byName(name: string): MessageTarget | undefined {
    return this.#queues.get(name) ?? this.#replyTargets.get(name);
  }

  deadLetter(queue: Queue, message: Message, reason: DeathReason): void {
    const { deadLetterExchange, deadLetterRoutingKey: routingKey } = queue.settings;
    if (deadLetterExchange === undefined) return;
    const exchange = this.#exchanges.get(deadLetterExchange);
    if (exchange === undefined) return;
    const death = { reason, queue: queue.name, exchange: deadLetterExchange, routingKey, atMs: this.clock.now() };
    const letter = toDeadLetter(message, death);
    for (const target of this.route(exchange, letter)) {
      if (reason === 'rejected' || !isDeadLetterCycle(letter, target.name)) target.publish(letter);
    }
  }

  /** Everything ends, with its timers. */
  close(): void {
    for (const queue of this.#queues.values()) queue.close();
    this.#queues.clear();
  }

  /** What fits one exchange's bindings; where nothing does, its alternate exchange. */
  *#destinations(exchange: Exchange, message: Message): Generator<MessageTarget | Exchange> {
    let isRouted = false;
    for (const key of [message.routingKey, ...message.copies]) {
      const direct = exchange.name === '' ? this.#byName(key) : undefined;
      for (const destination of direct ? [direct] : exchange.match(key, message)) {
        isRouted = true;
        yield destination;
      }
    }
    const alternate = exchange.alternate === undefined ? undefined : this.#exchanges.get(exchange.alternate);
    if (!isRouted && alternate) yield alternate;
  }

  #unbindEverywhere(destination: Destination): void {
    for (const exchange of [...this.#exchanges.values()]) {
      if (exchange.unbindAll(destination)) this.releaseExchange(exchange);
    }
  }
}
