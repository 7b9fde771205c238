import { crc32 } from 'node:zlib';
import type { EventLog, ProposedEvent } from '../log/eventLog.ts';
import { isEmittedIn, isJsonIn, isTombstoneIn } from '../log/flags.ts';

/**
 * A transaction on disk: what one append wrote, all or nothing.
 *
 *     header   u32 payload length | u32 crc32 of the payload | u32 crc32 of the eight bytes before
 *     payload  records, one after the other:
 *       f64 position | f64 created, ms | u8 flags (log/flags.ts) | 16 bytes id
 *       u32 length + stream | u32 length + type | u32 length + metadata | u32 length + data
 *
 * All numbers are little-endian, all texts UTF-8. The header has its own checksum, so that a damaged length is never
 * taken for a torn end.
 */
const HEADER_BYTES = 12;
const FIXED_RECORD_BYTES = 8 + 8 + 1 + 16 + 4 * 4;

/** A record as it was read back. The byte fields are views into what was read. */
export interface StoredRecord {
  readonly position: number;
  readonly createdMs: number;
  readonly isTombstone: boolean;
  readonly isEmitted: boolean;
  readonly stream: string;
  readonly event: ProposedEvent;
}

/** The records from ordinal `from` up to, not including, `to`, as one transaction. */
export function encodeTransaction(log: EventLog, from: number, to: number): Buffer {
  const { records } = log;
  let length = 0;
  for (let ordinal = from; ordinal < to; ordinal++) {
    length += FIXED_RECORD_BYTES + log.streamOf(ordinal).nameLength + log.typeOf(ordinal).nameLength;
    length += records.metadataLength(ordinal) + records.dataLength(ordinal);
  }
  const bytes = Buffer.allocUnsafe(HEADER_BYTES + length);
  let at = HEADER_BYTES;
  const putText = (text: string, textLength: number): void => {
    at = bytes.writeUInt32LE(textLength, at);
    at += bytes.write(text, at);
  };
  const putBytes = (source: Buffer): void => {
    at = bytes.writeUInt32LE(source.length, at);
    at += source.copy(bytes, at);
  };
  for (let ordinal = from; ordinal < to; ordinal++) {
    at = bytes.writeDoubleLE(records.position(ordinal), at);
    at = bytes.writeDoubleLE(records.createdMs(ordinal), at);
    at = bytes.writeUInt8(records.flags(ordinal), at);
    at += records.id(ordinal).copy(bytes, at);
    putText(log.streamOf(ordinal).name, log.streamOf(ordinal).nameLength);
    putText(log.typeOf(ordinal).name, log.typeOf(ordinal).nameLength);
    putBytes(records.metadata(ordinal));
    putBytes(records.data(ordinal));
  }
  bytes.writeUInt32LE(length, 0);
  bytes.writeUInt32LE(crc32(bytes.subarray(HEADER_BYTES)), 4);
  bytes.writeUInt32LE(crc32(bytes.subarray(0, 8)), 8);
  return bytes;
}

/** What stands at an offset of a segment. `torn`: the file ends before the transaction does, or with it damaged. */
export type Found =
  | { readonly found: 'transaction'; readonly payload: Buffer; readonly next: number }
  | { readonly found: 'end' | 'torn' | 'damage' };

export function findTransaction(segment: Buffer, offset: number): Found {
  const left = segment.length - offset;
  if (left === 0) return { found: 'end' };
  if (left < HEADER_BYTES) return { found: 'torn' };
  if (segment.readUInt32LE(offset + 8) !== crc32(segment.subarray(offset, offset + 8))) {
    // A file that grew before its bytes arrived ends in zeros.
    return { found: segment.subarray(offset).every((byte) => byte === 0) ? 'torn' : 'damage' };
  }
  const next = offset + HEADER_BYTES + segment.readUInt32LE(offset);
  if (next > segment.length) return { found: 'torn' };
  const payload = segment.subarray(offset + HEADER_BYTES, next);
  if (segment.readUInt32LE(offset + 4) === crc32(payload)) return { found: 'transaction', payload, next };
  return { found: next === segment.length ? 'torn' : 'damage' };
}

/** The records of a transaction whose checksum was right. */
export function* decodeRecords(payload: Buffer): Generator<StoredRecord> {
  let at = 0;
  const takeBytes = (): Buffer => {
    const length = payload.readUInt32LE(at);
    at += 4 + length;
    return payload.subarray(at - length, at);
  };
  while (at < payload.length) {
    const position = payload.readDoubleLE(at);
    const createdMs = payload.readDoubleLE(at + 8);
    const flags = payload.readUInt8(at + 16);
    const id = payload.subarray(at + 17, at + 33);
    at += 33;
    const stream = takeBytes().toString();
    const type = takeBytes().toString();
    const metadata = takeBytes();
    const data = takeBytes();
    const event = { id, type, isJson: isJsonIn(flags), metadata, data };
    yield { position, createdMs, isTombstone: isTombstoneIn(flags), isEmitted: isEmittedIn(flags), stream, event };
  }
}
