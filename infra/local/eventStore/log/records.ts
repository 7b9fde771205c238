import { Arena } from './arena.ts';
import { Column } from './column.ts';
import { type Flags, isEmittedIn, isJsonIn, isTombstoneIn, toByte } from './flags.ts';

const ID_BYTES = 16;

/** What {@link Records.add} stores. Byte fields are copied. */
export interface NewRecord extends Flags {
  readonly position: number;
  readonly createdMs: number;
  readonly streamNumber: number;
  readonly revision: number;
  readonly typeNumber: number;
  readonly id: Buffer;
  readonly metadata: Buffer;
  readonly data: Buffer;
}

/** Every event of the log by ordinal (0, 1, 2, ...): numbers in columns, bytes in an arena. About 45 bytes beside the data. */
export class Records {
  readonly #arena = new Arena();
  readonly #position = new Column(Float64Array);
  readonly #createdMs = new Column(Float64Array);
  readonly #stream = new Column(Uint32Array);
  readonly #revision = new Column(Uint32Array);
  readonly #type = new Column(Uint32Array);
  readonly #flags = new Column(Uint8Array);
  readonly #chunk = new Column(Uint32Array);
  readonly #offset = new Column(Uint32Array);
  readonly #metadataLength = new Column(Uint32Array);
  readonly #dataLength = new Column(Uint32Array);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  /** Returns the new record's ordinal. */
  add(record: NewRecord): number {
    const ordinal = this.#count++;
    const { metadata, data } = record;
    const place = this.#arena.reserve(ID_BYTES + metadata.length + data.length);
    const chunk = this.#arena.chunk(place.chunk);
    record.id.copy(chunk, place.offset);
    metadata.copy(chunk, place.offset + ID_BYTES);
    data.copy(chunk, place.offset + ID_BYTES + metadata.length);
    this.#position.set(ordinal, record.position);
    this.#createdMs.set(ordinal, record.createdMs);
    this.#stream.set(ordinal, record.streamNumber);
    this.#revision.set(ordinal, record.revision);
    this.#type.set(ordinal, record.typeNumber);
    this.#flags.set(ordinal, toByte(record));
    this.#chunk.set(ordinal, place.chunk);
    this.#offset.set(ordinal, place.offset);
    this.#metadataLength.set(ordinal, metadata.length);
    this.#dataLength.set(ordinal, data.length);
    return ordinal;
  }

  position(ordinal: number): number {
    return this.#position.get(ordinal);
  }

  createdMs(ordinal: number): number {
    return this.#createdMs.get(ordinal);
  }

  streamNumber(ordinal: number): number {
    return this.#stream.get(ordinal);
  }

  /** Meaningless for a tombstone, whose revision 2^63-1 no column can hold. */
  revision(ordinal: number): number {
    return this.#revision.get(ordinal);
  }

  typeNumber(ordinal: number): number {
    return this.#type.get(ordinal);
  }

  /** All that is so of a record, as one byte. */
  flags(ordinal: number): number {
    return this.#flags.get(ordinal);
  }

  isJson(ordinal: number): boolean {
    return isJsonIn(this.#flags.get(ordinal));
  }

  isTombstone(ordinal: number): boolean {
    return isTombstoneIn(this.#flags.get(ordinal));
  }

  isEmitted(ordinal: number): boolean {
    return isEmittedIn(this.#flags.get(ordinal));
  }

  hasId(ordinal: number, id: Buffer): boolean {
    const offset = this.idOffset(ordinal);
    return id.compare(this.bytes(ordinal), offset, offset + ID_BYTES) === 0;
  }

  id(ordinal: number): Buffer {
    const offset = this.idOffset(ordinal);
    return this.bytes(ordinal).subarray(offset, offset + ID_BYTES);
  }

  metadata(ordinal: number): Buffer {
    const offset = this.idOffset(ordinal) + ID_BYTES;
    return this.bytes(ordinal).subarray(offset, offset + this.metadataLength(ordinal));
  }

  data(ordinal: number): Buffer {
    const offset = this.idOffset(ordinal) + ID_BYTES + this.metadataLength(ordinal);
    return this.bytes(ordinal).subarray(offset, offset + this.dataLength(ordinal));
  }

  /** The buffer a record's bytes lie in: id at {@link idOffset}, then metadata, then data. */
  bytes(ordinal: number): Buffer {
    return this.#arena.chunk(this.#chunk.get(ordinal));
  }

  idOffset(ordinal: number): number {
    return this.#offset.get(ordinal);
  }

  metadataLength(ordinal: number): number {
    return this.#metadataLength.get(ordinal);
  }

  dataLength(ordinal: number): number {
    return this.#dataLength.get(ordinal);
  }
}
