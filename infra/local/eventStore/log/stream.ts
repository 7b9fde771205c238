import type { StreamMetadata } from './streamMetadata.ts';
import type { Waiters } from './waiters.ts';

const HIDDEN_FROM_ALL = /^(\$epoch-information|\$persistentsubscription-\$all::.*-(checkpoint|parked))$/s;

/** One stream that was ever written, or whose metadata was. */
export class Stream {
  readonly number: number;
  readonly name: string;
  /** The stream that holds this one's metadata, once something was written there. */
  metastream: Stream | undefined;
  /** The stream whose metadata this one holds. */
  readonly target: Stream | undefined;
  /** The log ordinal of each event; the index is its revision. The tombstone is not among them. */
  readonly ordinals: number[] = [];
  /** The ordinals of all events of this stream's category, these among them. */
  readonly categoryOrdinals: number[] | undefined;
  /** The log ordinal of the tombstone. */
  tombstone: number | undefined;
  /** Never shown in `$all`, whatever the filter. */
  readonly isHidden: boolean;
  readonly nameLength: number;
  /** Metadata as last parsed from {@link metastream}, and from which of its events. */
  parsedMetadata: StreamMetadata | undefined;
  parsedFrom = -1;
  /** Who waits for something new in this stream. */
  waiters: Waiters | undefined;
  /** `name` as the protocol encodes it in every event, made on first use. */
  encodedName: Buffer | undefined;

  constructor(number: number, name: string, target: Stream | undefined, categoryOrdinals: number[] | undefined) {
    this.number = number;
    this.name = name;
    this.target = target;
    this.categoryOrdinals = categoryOrdinals;
    this.isHidden = HIDDEN_FROM_ALL.test(name);
    this.nameLength = Buffer.byteLength(name);
  }

  /** The highest revision written, -1 if none. */
  get lastRevision(): number {
    return this.ordinals.length - 1;
  }

  /** Deleted for good. Metadata goes with its stream. */
  get isTombstoned(): boolean {
    return this.tombstone !== undefined || this.target?.tombstone !== undefined;
  }
}
