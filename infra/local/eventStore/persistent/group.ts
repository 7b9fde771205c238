import type { Committer } from '../log/committer.ts';
import type { EventLog } from '../log/eventLog.ts';
import { toPattern } from '../log/pattern.ts';
import { Checkpointer } from './checkpointer.ts';
import type { Consumer } from './consumer.ts';
import { park, unpark } from './groupStreams.ts';
import { Measurements } from './measurements.ts';
import { insertByPlace, type Message } from './message.ts';
import { ALL, type GroupConfig } from './settings.ts';
import { createAllSource, createStreamSource, type Source } from './source.ts';
import { createDispatcher, type Dispatcher } from './strategies.ts';

/** What a consumer says about a message it could not handle. */
export type NackAction = 'retry' | 'park' | 'skip' | 'stop';

/** How far a group reads ahead of what its consumers can take, when later messages may overtake. */
const READ_AHEAD = 500;

/**
 * A group of consumers that share the events of one source: a pointer into the source, a queue of messages to deliver
 * again, and what is with the consumers. Every message is delivered at least once, until it is settled.
 */
export class Group {
  readonly config: GroupConfig;
  readonly consumers = new Set<Consumer>();
  readonly measurements = new Measurements();
  readonly source: Source;
  readonly retries: Message[] = [];
  readonly readAhead: Message[] = [];
  readonly #log: EventLog;
  readonly #committer: Committer;
  readonly #dispatcher: Dispatcher;
  readonly #owners = new Map<string, Consumer>();
  readonly #wake = (): void => this.#onNews();
  readonly #checkpointer: Checkpointer;
  #isStopped = false;

  constructor(log: EventLog, committer: Committer, config: GroupConfig) {
    this.#log = log;
    this.#committer = committer;
    this.config = config;
    const { settings, source, filter } = config;
    this.#checkpointer = new Checkpointer(log, committer, config);
    const from = { start: settings.start, checkpoint: this.checkpoint };
    const toFilter = filter && { ...filter, pattern: filter.regex ? toPattern(filter.regex) : undefined };
    this.source =
      source === ALL
        ? createAllSource(log, toFilter, from, settings.resolvesLinks)
        : createStreamSource(log, source, from, settings.resolvesLinks);
    this.#dispatcher = createDispatcher(settings.strategy, log);
    this.source.waiters.add(this.#wake);
  }

  /** As text; undefined before the first. */
  get checkpoint(): string | undefined {
    return this.#checkpointer.checkpoint;
  }

  get inFlightCount(): number {
    return this.#owners.size;
  }

  add(consumer: Consumer): void {
    this.consumers.add(consumer);
    this.#dispatcher.add(consumer);
    this.#pump();
  }

  /** What the consumer had is delivered again, to whoever is left. */
  remove(consumer: Consumer): void {
    if (!this.consumers.delete(consumer)) return;
    this.#dispatcher.remove(consumer);
    for (const message of consumer.inFlight.values()) {
      this.#owners.delete(message.id);
      message.retryCount++;
      insertByPlace(this.retries, message);
    }
    consumer.inFlight.clear();
    this.#pump();
  }

  acknowledge(consumer: Consumer, ids: readonly string[]): void {
    for (const id of ids) {
      const message = this.#takeBack(consumer, id);
      if (message) this.#complete(message);
    }
    this.#checkpointIfMany();
    this.#pump();
  }

  reject(consumer: Consumer, ids: readonly string[], action: NackAction, reason: string): void {
    for (const id of ids) {
      const message = this.#takeBack(consumer, id);
      if (!message) continue;
      if (action === 'retry') this.#retry(message);
      else if (action === 'park') this.#park(message, `Client explicitly NAK'ed message.\n${reason}`);
      else this.#complete(message);
    }
    this.#checkpointIfMany();
    this.#pump();
  }

  /** Once a second: what was with a consumer for too long is delivered again, and the checkpoint is written if due. */
  tick(nowMs: number): void {
    const { messageTimeoutMs } = this.config.settings;
    for (const consumer of this.consumers) {
      for (const message of [...consumer.inFlight.values()]) {
        if (nowMs - message.sentAtMs < messageTimeoutMs) continue;
        this.#takeBack(consumer, message.id);
        this.#retry(message);
      }
    }
    if (this.#checkpointer.isDue(nowMs)) this.#writeCheckpoint();
    this.#pump();
  }

  replayParked(stopAt: number): void {
    this.retries.push(...unpark(this.#log, this.config, stopAt));
    this.#committer.commit(() => this.#pump());
  }

  /** Ends every consumer's call and stops. */
  stop(): void {
    this.#isStopped = true;
    this.source.waiters.delete(this.#wake);
    const consumers = [...this.consumers];
    this.consumers.clear();
    for (const consumer of consumers) consumer.drop();
  }

  #onNews(): void {
    if (this.#isStopped) return;
    this.source.waiters.add(this.#wake);
    this.#pump();
  }

  #pump(): void {
    if (this.#isStopped || this.consumers.size === 0) return;
    if (!this.#deliverFrom(this.retries)) return;
    while (this.#deliverFrom(this.readAhead)) {
      if (this.readAhead.length >= READ_AHEAD) return;
      const next = this.source.next();
      if (!next) return;
      this.readAhead.push(next);
    }
  }

  /** Returns false when nothing later may be delivered either. */
  #deliverFrom(queue: Message[]): boolean {
    for (let at = 0; at < queue.length; ) {
      const message = queue[at] as Message;
      // The same id twice waits for the first to be settled.
      const consumer = this.#owners.has(message.id) ? undefined : this.#dispatcher.choose(message);
      if (consumer) {
        queue.splice(at, 1);
        message.sentAtMs = Date.now();
        this.#owners.set(message.id, consumer);
        consumer.give(message);
      } else if (this.#dispatcher.letsOvertake) at++;
      else return false;
    }
    return true;
  }

  #takeBack(consumer: Consumer, id: string): Message | undefined {
    const message = consumer.inFlight.get(id);
    if (!message) return undefined;
    consumer.inFlight.delete(id);
    this.#owners.delete(id);
    consumer.measurements.settled(Date.now() - message.sentAtMs);
    this.measurements.settled(Date.now() - message.sentAtMs);
    return message;
  }

  #retry(message: Message): void {
    const { maxRetryCount } = this.config.settings;
    if (message.retryCount >= maxRetryCount) {
      this.#park(message, `Reached retry count of ${maxRetryCount}`);
      return;
    }
    message.retryCount++;
    insertByPlace(this.retries, message);
  }

  #park(message: Message, reason: string): void {
    park(this.#log, this.config, message, reason);
    this.#committer.commit(() => undefined);
    this.#complete(message);
  }

  #complete(message: Message): void {
    if (!message.isReplayed) this.#checkpointer.completed();
  }

  #checkpointIfMany(): void {
    if (this.#checkpointer.hasEnough) this.#writeCheckpoint();
  }

  #writeCheckpoint(): void {
    let place = this.source.pointer - 1;
    const unsettled = [...this.retries, ...this.readAhead];
    for (const consumer of this.consumers) unsettled.push(...consumer.inFlight.values());
    for (const message of unsettled) if (!message.isReplayed) place = Math.min(place, message.place - 1);
    this.#checkpointer.write(place < 0 ? undefined : this.source.toText(place));
  }
}
