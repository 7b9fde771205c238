import type { EventLog } from '../log/eventLog.ts';
import { LINK_TYPE } from '../log/eventType.ts';
import type { Consumer } from './consumer.ts';
import type { Message } from './message.ts';
import type { Strategy } from './settings.ts';

/** Who gets which message. */
export interface Dispatcher {
  add(consumer: Consumer): void;
  remove(consumer: Consumer): void;
  /** The consumer for a message; undefined when it has to wait. */
  choose(message: Message): Consumer | undefined;
  /** Whether a later message may overtake one that has to wait. */
  readonly letsOvertake: boolean;
}

export function createDispatcher(strategy: Strategy, log: EventLog): Dispatcher {
  switch (strategy) {
    case 'RoundRobin':
      return new InTurn((consumers, index) => (index + 1) % consumers.length);
    case 'DispatchToSingle':
      return new InTurn((_, index) => index);
    case 'Pinned':
      return new Pinned((message) => sourceStream(log, message));
    case 'PinnedByCorrelation':
      return new Pinned((message) => correlationOf(log, message) ?? sourceStream(log, message));
  }
}

/** Begins with the current consumer and goes on to the next while they are full. */
class InTurn implements Dispatcher {
  readonly letsOvertake = false;
  readonly #consumers: Consumer[] = [];
  readonly #advance: (consumers: readonly Consumer[], index: number) => number;
  #current = 0;

  constructor(advance: (consumers: readonly Consumer[], index: number) => number) {
    this.#advance = advance;
  }

  add(consumer: Consumer): void {
    this.#consumers.push(consumer);
  }

  remove(consumer: Consumer): void {
    const index = this.#consumers.indexOf(consumer);
    if (index < 0) return;
    this.#consumers.splice(index, 1);
    if (index < this.#current) this.#current--;
    if (this.#current >= this.#consumers.length) this.#current = 0;
  }

  choose(): Consumer | undefined {
    for (let step = 0; step < this.#consumers.length; step++) {
      const index = (this.#current + step) % this.#consumers.length;
      const consumer = this.#consumers[index];
      if (!consumer?.takesMore) continue;
      this.#current = this.#advance(this.#consumers, index);
      return consumer;
    }
    return undefined;
  }
}

const BUCKETS = 1024;

/** Messages of one key stay with one consumer as long as it is there. */
class Pinned implements Dispatcher {
  readonly letsOvertake = true;
  readonly #owned = new Map<Consumer, Set<number>>();
  readonly #owners = new Map<number, Consumer>();
  readonly #keyOf: (message: Message) => string;

  constructor(key: (message: Message) => string) {
    this.#keyOf = key;
  }

  add(consumer: Consumer): void {
    const own = new Set<number>();
    const share = Math.floor(this.#owners.size / (this.#owned.size + 1));
    for (const [other, buckets] of this.#owned) {
      const held = new Set([...other.inFlight.values()].map((message) => this.#bucketOf(message)));
      for (const bucket of buckets) {
        if (buckets.size <= share || own.size >= share) break;
        // A key whose messages are still with its consumer stays there.
        if (held.has(bucket)) continue;
        buckets.delete(bucket);
        own.add(bucket);
        this.#owners.set(bucket, consumer);
      }
    }
    this.#owned.set(consumer, own);
  }

  remove(consumer: Consumer): void {
    for (const bucket of this.#owned.get(consumer) ?? []) this.#owners.delete(bucket);
    this.#owned.delete(consumer);
  }

  choose(message: Message): Consumer | undefined {
    const bucket = this.#bucketOf(message);
    const owner = this.#owners.get(bucket) ?? this.#assign(bucket);
    return owner?.takesMore ? owner : undefined;
  }

  #bucketOf(message: Message): number {
    message.bucket ??= bucketOf(this.#keyOf(message));
    return message.bucket;
  }

  #assign(bucket: number): Consumer | undefined {
    const [least] = [...this.#owned].sort(([, a], [, b]) => a.size - b.size);
    if (!least) return undefined;
    least[1].add(bucket);
    this.#owners.set(bucket, least[0]);
    return least[0];
  }
}

function bucketOf(key: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  return (hash >>> 0) % BUCKETS;
}

/** The stream an event came from, also when it is here as a link. */
function sourceStream(log: EventLog, { event }: Message): string {
  const ordinal = event.event ?? event.link ?? 0;
  if (log.typeOf(ordinal).name !== LINK_TYPE) return log.streamOf(ordinal).name;
  const data = log.records.data(ordinal).toString();
  return data.slice(data.indexOf('@') + 1);
}

function correlationOf(log: EventLog, { event }: Message): string | undefined {
  try {
    const metadata: unknown = JSON.parse(log.records.metadata(event.event ?? event.link ?? 0).toString());
    const id = (metadata as Record<string, unknown> | null)?.['$correlationId'];
    return typeof id === 'string' ? id : undefined;
  } catch {
    return undefined;
  }
}
