/** An event type that occurs in the log. Names are kept once, events hold the number. */
export interface EventType {
  readonly number: number;
  readonly name: string;
  /** Bytes of `name` in UTF-8. */
  readonly nameLength: number;
  /** The `type` entry of an event's metadata as the protocol encodes it, made on first use. */
  encodedEntry?: Buffer;
}

/** The type whose data `<revision>@<stream>` points to another event. */
export const LINK_TYPE = '$>';
export const METADATA_TYPE = '$metadata';
export const TOMBSTONE_TYPE = '$streamDeleted';
