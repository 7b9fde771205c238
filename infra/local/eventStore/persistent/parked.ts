import type { EventLog } from '../log/eventLog.ts';
import { LINK_TYPE, METADATA_TYPE } from '../log/eventType.ts';
import { addressOf, resolveLink } from '../log/links.ts';
import { readableWindow, stateOf } from '../log/readable.ts';
import { appendOwn } from '../log/write.ts';
import type { MessageSource } from './feed.ts';
import type { Message } from './message.ts';
import { type GroupConfig, keyOf, parkedStream } from './settings.ts';

const NO_BYTES = Buffer.alloc(0);

/**
 * A group's parked messages, links in a stream of its own, and those of them that are to be delivered again. A link is
 * hidden (`$tb`) only when its message is settled, so that a server that dies in between has them parked still.
 */
export class Parked implements MessageSource {
  readonly #log: EventLog;
  readonly #config: GroupConfig;
  /** The links before this revision are to be replayed. */
  #bound = 0;
  #pointer = 0;

  constructor(log: EventLog, config: GroupConfig) {
    this.#log = log;
    this.#config = config;
    this.#pointer = this.#window().min;
    this.#bound = this.#pointer;
  }

  get pointer(): number {
    return this.#pointer;
  }

  /** Whether some that are to be replayed haven't been read yet. */
  get isReplaying(): boolean {
    return this.#pointer < this.#bound;
  }

  /** How many are parked and not on their way back. */
  get count(): number {
    const { min, last } = this.#window();
    return Math.max(0, last - Math.max(min, this.#bound) + 1);
  }

  /** Keeps a link to the message's event. */
  add({ event, place }: Message, reason: string): void {
    const ordinal = event.event ?? event.link;
    if (ordinal === undefined) return;
    const added = new Date(this.#log.now()).toISOString();
    const { outcome } = appendOwn(this.#log, parkedStream(this.#config), {
      type: LINK_TYPE,
      isJson: false,
      metadata: Buffer.from(JSON.stringify({ added, reason, subscriptionEventNumber: place })),
      data: Buffer.from(addressOf(this.#log, ordinal)),
    });
    if (outcome !== 'written') {
      console.error(`event store: ${keyOf(this.#config)} could not park ${addressOf(this.#log, ordinal)}: ${outcome}`);
    }
  }

  /** Afterwards the messages before revision `stopAt` of the parked stream are delivered again. */
  replay(stopAt: number): void {
    const { min, last } = this.#window();
    this.#pointer = Math.max(this.#pointer, min);
    this.#bound = Math.max(this.#bound, this.#pointer, Math.min(stopAt, last + 1));
  }

  next(): Message | undefined {
    const state = stateOf(this.#log, parkedStream(this.#config));
    if (state.status !== 'present') return undefined;
    const { min, last } = readableWindow(this.#log, state.stream);
    this.#pointer = Math.max(this.#pointer, Math.min(min, this.#bound));
    if (this.#pointer >= Math.min(this.#bound, last + 1)) return undefined;
    const place = this.#pointer++;
    const ordinal = state.stream.ordinals[place] as number;
    const id = this.#log.records.id(ordinal).toString('hex');
    return { id, event: resolveLink(this.#log, ordinal), place, isReplayed: true, retryCount: 0, sentAtMs: 0 };
  }

  /** Everything before this revision is settled. Returns whether that was worth a note. */
  forgetBefore(revision: number): boolean {
    const { min, last } = this.#window();
    if (last < 0 || revision <= min) return false;
    const data = Buffer.from(JSON.stringify({ $tb: revision }));
    const event = { type: METADATA_TYPE, isJson: true, metadata: NO_BYTES, data };
    appendOwn(this.#log, `$$${parkedStream(this.#config)}`, event);
    return true;
  }

  #window(): { readonly min: number; readonly last: number } {
    const state = stateOf(this.#log, parkedStream(this.#config));
    return state.status === 'present' ? readableWindow(this.#log, state.stream) : { min: 0, last: -1 };
  }
}
