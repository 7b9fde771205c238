import { randomFillSync } from 'node:crypto';
import { ANY, decideAppend, type ExpectedRevision, repeatedPosition } from './decideAppend.ts';
import type { EventLog, ProposedEvent, RecordStamp } from './eventLog.ts';
import { METADATA_TYPE, TOMBSTONE_TYPE } from './eventType.ts';
import { newestMetadataOf } from './readable.ts';
import type { Stream } from './stream.ts';
import { SOFT_DELETE_JSON, withTruncateBefore } from './streamMetadata.ts';

/** How a write ended. `revision` is -1 when the stream has no event; `position` is absent when there is none to give. */
export type WriteOutcome =
  | { readonly outcome: 'written'; readonly revision: number; readonly position: number | undefined }
  | { readonly outcome: 'wrong-expected'; readonly current: number }
  | { readonly outcome: 'stream-deleted' };

const NO_BYTES = Buffer.alloc(0);

const ID_BYTES = 16;
/** Random bytes for many ids at once: one at a time they cost more than all else of writing an event. */
const pool = Buffer.allocUnsafe(256 * ID_BYTES);
let used = pool.length;

/** A random (version 4) UUID as bytes. */
export function newEventId(): Buffer {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const id = Buffer.from(pool.subarray(used, used + ID_BYTES));
  used += ID_BYTES;
  id[6] = ((id[6] as number) & 0x0f) | 0x40;
  id[8] = ((id[8] as number) & 0x3f) | 0x80;
  return id;
}

/** Appends all events or none. A repeat of an append answers as the first time and writes nothing. */
export function append(
  log: EventLog,
  name: string,
  expected: ExpectedRevision,
  events: readonly ProposedEvent[],
  stamp?: Pick<RecordStamp, 'isEmitted'>,
): WriteOutcome {
  const known = log.stream(name);
  const decision = decideAppend(log, known, expected, events);
  if (decision.decision === 'wrong-expected') return { outcome: 'wrong-expected', current: decision.current };
  if (decision.decision === 'stream-deleted') return { outcome: 'stream-deleted' };
  if (decision.decision === 'repeated') {
    const revision = log.records.revision(decision.ordinal);
    return { outcome: 'written', revision, position: repeatedPosition(log, decision.ordinal) };
  }
  if (events.length === 0) {
    return { outcome: 'written', revision: known?.lastRevision ?? -1, position: log.lastPosition };
  }
  const stream = log.ensureStream(name);
  const revivesTarget = stream.target !== undefined && newestMetadataOf(log, stream.target).isSoftDeleted === true;
  const revives = newestMetadataOf(log, stream).isSoftDeleted === true;
  const firstRevision = stream.lastRevision + 1;
  let last = -1;
  for (const event of events) last = log.add(stream, event, stamp);
  const position = log.records.position(last);
  const revision = stream.lastRevision;
  if (revives) writeTruncation(log, stream, firstRevision);
  if (stream.target && revivesTarget) writeTruncation(log, stream.target, stream.target.lastRevision + 1);
  return { outcome: 'written', revision, position };
}

/** Hides all events of a stream from readers until it is written again. Its numbering goes on. */
export function softDelete(log: EventLog, name: string, expected: ExpectedRevision): WriteOutcome {
  const stream = log.stream(name);
  const decision = decideAppend(log, stream, expected, [{ id: newEventId() }]);
  if (decision.decision === 'stream-deleted') return { outcome: 'stream-deleted' };
  if (decision.decision !== 'write') return { outcome: 'wrong-expected', current: stream?.lastRevision ?? -1 };
  if (!stream || (stream.lastRevision < 0 && (stream.metastream?.lastRevision ?? -1) < 0)) {
    return { outcome: 'wrong-expected', current: -1 };
  }
  const ordinal = writeMetadata(log, stream, Buffer.from(SOFT_DELETE_JSON));
  return { outcome: 'written', revision: stream.lastRevision, position: log.records.position(ordinal) };
}

/** Ends a stream for good: afterwards nothing reads or writes it. Allowed on a stream that was never written. */
export function tombstone(log: EventLog, name: string, expected: ExpectedRevision): WriteOutcome {
  const known = log.stream(name);
  const decision = decideAppend(log, known, expected, [{ id: newEventId() }]);
  if (decision.decision === 'stream-deleted') return { outcome: 'stream-deleted' };
  if (decision.decision !== 'write') return { outcome: 'wrong-expected', current: known?.lastRevision ?? -1 };
  const stream = log.ensureStream(name);
  const event = { id: newEventId(), type: TOMBSTONE_TYPE, isJson: false, metadata: NO_BYTES, data: NO_BYTES };
  const ordinal = log.add(stream, event, { isTombstone: true });
  return { outcome: 'written', revision: stream.lastRevision, position: log.records.position(ordinal) };
}

/** The server's own writes: no expected revision, never recognised as a repeat. */
export function appendOwn(log: EventLog, name: string, event: Omit<ProposedEvent, 'id'>): WriteOutcome {
  return append(log, name, ANY, [{ ...event, id: newEventId() }]);
}

/** A revived stream keeps its metadata, with everything before `truncateBefore` hidden. */
function writeTruncation(log: EventLog, stream: Stream, truncateBefore: number): void {
  const ordinals = stream.metastream?.ordinals;
  const newest = ordinals?.[ordinals.length - 1];
  const isJson = newest !== undefined && log.records.isJson(newest);
  const before = newest === undefined ? NO_BYTES : log.records.data(newest);
  writeMetadata(log, stream, withTruncateBefore(isJson, before, truncateBefore));
}

function writeMetadata(log: EventLog, stream: Stream, data: Buffer): number {
  const metastream = log.ensureStream(`$$${stream.name}`);
  return log.add(metastream, { id: newEventId(), type: METADATA_TYPE, isJson: true, metadata: NO_BYTES, data });
}
