import { CategoryIndex } from './categoryIndex.ts';
import type { EventType } from './eventType.ts';
import { IdMemory } from './idMemory.ts';
import { Records } from './records.ts';
import { firstIndex } from './search.ts';
import { Stream } from './stream.ts';
import { StreamNews } from './streamNews.ts';
import { Waiters } from './waiters.ts';

/** An event as a writer gives it. `id` is 16 bytes; the byte fields are copied when written. */
export interface ProposedEvent {
  readonly id: Buffer;
  readonly type: string;
  readonly isJson: boolean;
  readonly metadata: Buffer;
  readonly data: Buffer;
}

/** What a record gets beside its event and its position: made by the log unless given, as when it is read back from disk. */
export interface RecordStamp {
  readonly createdMs?: number;
  readonly isTombstone?: boolean;
  readonly isEmitted?: boolean;
}

/** The real server's first record is internal, so that no event has position 0. */
const FIRST_POSITION = 154;
/** What a record costs on the real server beside its names and bytes. */
const RECORD_OVERHEAD = 88;
const METADATA_PREFIX = '$$';

/**
 * The one totally ordered log, indexed by stream and by category. Written records become readable when {@link publish} says so: at once
 * in memory, after the disk has them otherwise. Every write is O(1); a lookup by position is a binary search.
 */
export class EventLog {
  readonly records = new Records();
  readonly ids: IdMemory;
  readonly categories = new CategoryIndex();
  readonly waiters = new Waiters();
  readonly news = new StreamNews((name) => this.stream(name));
  /** Milliseconds since 1970, for `created` and for maximum ages. */
  readonly now: () => number;
  /** Records below this ordinal can be read. */
  visible = 0;
  readonly #streams: Stream[] = [];
  readonly #streamsByName = new Map<string, Stream>();
  readonly #types: EventType[] = [];
  readonly #typesByName = new Map<string, EventType>();
  #nextPosition = FIRST_POSITION;

  /** `idSets` is the size of its memory of ids (`IdMemory`). */
  constructor(now: () => number, idSets?: number) {
    this.now = now;
    this.ids = new IdMemory((ordinal, id) => this.records.hasId(ordinal, id), idSets);
  }

  stream(name: string): Stream | undefined {
    return this.#streamsByName.get(name);
  }

  streamAt(number: number): Stream {
    return this.#streams[number] as Stream;
  }

  typeAt(number: number): EventType {
    return this.#types[number] as EventType;
  }

  streamOf(ordinal: number): Stream {
    return this.streamAt(this.records.streamNumber(ordinal));
  }

  typeOf(ordinal: number): EventType {
    return this.typeAt(this.records.typeNumber(ordinal));
  }

  get streamCount(): number {
    return this.#streams.length;
  }

  /** The position of the last readable record, 0 when there is none. */
  get lastPosition(): number {
    return this.visible === 0 ? 0 : this.records.position(this.visible - 1);
  }

  /** The position of the next record. It follows from the records before: none can be missing without changing it. */
  get nextPosition(): number {
    return this.#nextPosition;
  }

  /** The stream of this name, made empty if it is new. A metadata stream brings the stream it describes with it. */
  ensureStream(name: string): Stream {
    const known = this.#streamsByName.get(name);
    if (known) return known;
    const described = name.startsWith(METADATA_PREFIX) ? name.slice(METADATA_PREFIX.length) : METADATA_PREFIX;
    // A metadata stream has no metadata of its own.
    const target = described.startsWith(METADATA_PREFIX) ? undefined : this.ensureStream(described);
    const stream = new Stream(this.#streams.length, name, target, this.categories.listFor(name));
    if (target) target.metastream = stream;
    stream.waiters = this.news.take(name);
    this.#streams.push(stream);
    this.#streamsByName.set(name, stream);
    return stream;
  }

  /** Writes one event at the end of the log and of its stream, and returns its ordinal. Not readable yet. */
  add(stream: Stream, event: ProposedEvent, stamp?: RecordStamp): number {
    const type = this.#ensureType(event.type);
    const { metadata, data } = event;
    const position = this.#nextPosition;
    const isTombstone = stamp?.isTombstone ?? false;
    const ordinal = this.records.add({
      position,
      createdMs: stamp?.createdMs ?? this.now(),
      streamNumber: stream.number,
      revision: isTombstone ? 0 : stream.ordinals.length,
      typeNumber: type.number,
      isJson: event.isJson,
      isTombstone,
      isEmitted: stamp?.isEmitted ?? false,
      id: event.id,
      metadata,
      data,
    });
    this.#nextPosition =
      position + RECORD_OVERHEAD + stream.nameLength + 1 + type.nameLength + 1 + data.length + metadata.length;
    if (isTombstone) {
      stream.tombstone = ordinal;
      // Its metadata stream is tombstoned with it, written or not.
      this.ensureStream(METADATA_PREFIX + stream.name);
    } else stream.ordinals.push(ordinal);
    stream.categoryOrdinals?.push(ordinal);
    this.ids.remember(event.id, ordinal);
    return ordinal;
  }

  /** Makes everything below `ordinal` readable and wakes those who wait for it. */
  publish(ordinal: number): void {
    const before = this.visible;
    if (ordinal <= before) return;
    this.visible = ordinal;
    for (let i = before; i < ordinal; i++) {
      const { waiters, target, metastream } = this.streamOf(i);
      waiters?.wake();
      // Metadata may bring a deleted stream back, a tombstone ends both.
      target?.waiters?.wake();
      metastream?.waiters?.wake();
    }
    this.waiters.wake();
  }

  /** The first readable ordinal at or after `position`; {@link visible} when there is none. */
  ordinalAt(position: number): number {
    return firstIndex(this.visible, (ordinal) => this.records.position(ordinal) >= position);
  }

  #ensureType(name: string): EventType {
    const known = this.#typesByName.get(name);
    if (known) return known;
    const type: EventType = { number: this.#types.length, name, nameLength: Buffer.byteLength(name) };
    this.#types.push(type);
    this.#typesByName.set(name, type);
    return type;
  }
}
