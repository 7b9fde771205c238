import type { Committer } from '../log/committer.ts';
import type { EventLog } from '../log/eventLog.ts';
import { guarded } from '../log/guarded.ts';
import { toPattern } from '../log/pattern.ts';
import { Checkpointer } from './checkpointer.ts';
import type { Consumer } from './consumer.ts';
import { Delivery } from './delivery.ts';
import { Feed } from './feed.ts';
import { Measurements } from './measurements.ts';
import type { Message } from './message.ts';
import { Parked } from './parked.ts';
import { ALL, type GroupConfig } from './settings.ts';
import { createAllSource, createStreamSource, type Source } from './source.ts';

/** What a consumer says about a message it could not handle. */
export type NackAction = 'retry' | 'park' | 'skip' | 'stop';

/** How many expired messages one turn takes back. */
const EXPIRED_A_TURN = 5000;

/**
 * A group of consumers that share the events of one source. Every message is delivered at least once, until it is
 * settled; nothing that is settled or said after the group has stopped has an effect.
 */
export class Group {
  readonly config: GroupConfig;
  readonly measurements = new Measurements();
  readonly parked: Parked;
  readonly #committer: Committer;
  readonly #feed: Feed<Source>;
  readonly #replays: Feed<Parked>;
  readonly #delivery: Delivery;
  readonly #wake = (): void => this.#onNews();
  readonly #checkpointer: Checkpointer;
  #hasSettledReplays = false;
  #isStopped = false;

  constructor(log: EventLog, committer: Committer, config: GroupConfig) {
    this.#committer = committer;
    this.config = config;
    this.#checkpointer = new Checkpointer(log, committer, config);
    this.#feed = new Feed(createSource(log, config, this.checkpoint));
    this.parked = new Parked(log, config);
    this.#replays = new Feed(this.parked);
    this.#delivery = new Delivery(log, config.settings.strategy, this.#feed, this.#replays);
    this.source.news.add(this.#wake);
  }

  get source(): Source {
    return this.#feed.source;
  }

  get consumers(): ReadonlySet<Consumer> {
    return this.#delivery.consumers;
  }

  /** As text; undefined before the first. */
  get checkpoint(): string | undefined {
    return this.#checkpointer.checkpoint;
  }

  get inFlightCount(): number {
    return this.#delivery.inFlightCount;
  }

  get retryCount(): number {
    return this.#feed.retries.size + this.#replays.retries.size;
  }

  get readAheadCount(): number {
    return this.#feed.readAhead.size + this.#replays.readAhead.size;
  }

  add(consumer: Consumer): void {
    this.#delivery.add(consumer);
  }

  /** What the consumer had is delivered again, to whoever is left. */
  remove(consumer: Consumer): void {
    if (!this.#isStopped) this.#delivery.remove(consumer);
  }

  acknowledge(consumer: Consumer, ids: readonly string[]): void {
    for (const message of this.#takeBack(consumer, ids)) this.#settle(message);
    this.#proceed();
  }

  reject(consumer: Consumer, ids: readonly string[], action: NackAction, reason: string): void {
    for (const message of this.#takeBack(consumer, ids)) {
      if (action === 'retry') this.#retry(message);
      else if (action === 'park') this.#park(message, `Client explicitly NAK'ed message.\n${reason}`);
      else this.#settle(message);
    }
    this.#proceed();
  }

  /** Once a second: what was with a consumer for too long is delivered again, and the checkpoint is written if due. */
  tick(nowMs: number): void {
    if (this.#isStopped) return;
    const expired = this.#delivery.expired(nowMs - this.config.settings.messageTimeoutMs, EXPIRED_A_TURN);
    for (const { consumer, message } of expired) {
      for (const taken of this.#takeBack(consumer, [message.id])) this.#retry(taken);
    }
    if (expired.length === EXPIRED_A_TURN) setImmediate(() => guarded('a tick', () => this.tick(nowMs)));
    if (this.#checkpointer.isDue(nowMs)) this.#writeCheckpoint();
    this.#forgetReplayed();
    this.#delivery.proceed();
  }

  /** Delivers the parked messages before revision `stopAt` of the parked stream again. */
  replayParked(stopAt: number): void {
    this.parked.replay(stopAt);
    this.#delivery.proceed();
  }

  /** A consumer that could take no more can again. */
  resume(): void {
    this.#delivery.proceed();
  }

  /** Ends every consumer's call and stops. */
  stop(): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#forgetReplayed();
    this.source.news.delete(this.#wake);
    this.#delivery.stop();
  }

  #onNews(): void {
    if (this.#isStopped) return;
    this.source.news.add(this.#wake);
    this.#delivery.proceed();
  }

  #proceed(): void {
    if (this.#isStopped) return;
    if (this.#checkpointer.hasEnough) this.#writeCheckpoint();
    if (!this.parked.isReplaying && this.#replays.settledBelow === this.parked.pointer) this.#forgetReplayed();
    this.#delivery.proceed();
  }

  #takeBack(consumer: Consumer, ids: readonly string[]): Message[] {
    const taken: Message[] = [];
    if (this.#isStopped) return taken;
    for (const id of ids) {
      const message = this.#delivery.takeBack(consumer, id);
      if (!message) continue;
      const elapsedMs = Date.now() - message.sentAtMs;
      consumer.measurements.settled(elapsedMs);
      this.measurements.settled(elapsedMs);
      taken.push(message);
    }
    return taken;
  }

  #retry(message: Message): void {
    const { maxRetryCount } = this.config.settings;
    if (message.retryCount >= maxRetryCount) this.#park(message, `Reached retry count of ${maxRetryCount}`);
    else this.#delivery.again(message);
  }

  #park(message: Message, reason: string): void {
    this.parked.add(message, reason);
    this.#committer.commit(() => undefined);
    this.#settle(message);
  }

  #settle(message: Message): void {
    if (message.isReplayed) {
      this.#replays.settle(message);
      this.#hasSettledReplays = true;
    } else {
      this.#feed.settle(message);
      this.#checkpointer.completed();
    }
  }

  #writeCheckpoint(): void {
    const place = this.#feed.settledBelow - 1;
    this.#checkpointer.write(place < 0 ? undefined : this.source.toText(place));
  }

  #forgetReplayed(): void {
    if (!this.#hasSettledReplays) return;
    this.#hasSettledReplays = false;
    if (this.parked.forgetBefore(this.#replays.settledBelow)) this.#committer.commit(() => undefined);
  }
}

function createSource(
  log: EventLog,
  { settings, source, filter }: GroupConfig,
  checkpoint: string | undefined,
): Source {
  const from = { start: settings.start, checkpoint };
  if (source !== ALL) return createStreamSource(log, source, from, settings.resolvesLinks);
  const toFilter = filter && { ...filter, pattern: filter.regex ? toPattern(filter.regex) : undefined };
  return createAllSource(log, toFilter, from, settings.resolvesLinks);
}
