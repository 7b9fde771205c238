import type { EventLog, ProposedEvent } from './eventLog.ts';
import { newestMetadataOf, readableOrdinal } from './readable.ts';
import type { Stream } from './stream.ts';

/** Expected revision: a revision from 0, or one of the codes below, which also stand in error trailers. */
export type ExpectedRevision = bigint;
export const ANY = -2n;
export const NO_STREAM = -1n;
export const STREAM_EXISTS = -4n;
/** As an unsigned number this is -1. */
const UNSIGNED_NO_STREAM = 2n ** 64n - 1n;

/** What is to happen with an append. `repeated`: everything was written before, `ordinal` is its last record. */
export type AppendDecision =
  | { readonly decision: 'write' }
  | { readonly decision: 'repeated'; readonly ordinal: number }
  | { readonly decision: 'wrong-expected'; readonly current: number }
  | { readonly decision: 'stream-deleted' };

const WRITE: AppendDecision = { decision: 'write' };
const STREAM_DELETED: AppendDecision = { decision: 'stream-deleted' };

/** An exact value of 2^64-1 means "no stream". */
export function toExpectedRevision(exact: bigint): ExpectedRevision {
  return exact === UNSIGNED_NO_STREAM ? NO_STREAM : exact;
}

/**
 * Judges an append by the stream's state and the ids of its events. Writes nothing.
 * `stream` is undefined when nobody ever named it. Source: event-store wire specification, 2.7.
 */
export function decideAppend(
  log: EventLog,
  stream: Stream | undefined,
  expected: ExpectedRevision,
  events: readonly Pick<ProposedEvent, 'id'>[],
): AppendDecision {
  const current = stream?.lastRevision ?? -1;
  const wrongExpected: AppendDecision = { decision: 'wrong-expected', current };
  if (stream?.isTombstoned) return STREAM_DELETED;
  const isSoftDeleted = stream !== undefined && newestMetadataOf(log, stream).isSoftDeleted === true;

  if (expected === STREAM_EXISTS) {
    if (isSoftDeleted) return STREAM_DELETED;
    if (current < 0 && (stream?.metastream?.lastRevision ?? -1) < 0) return wrongExpected;
  }
  if (expected === ANY || expected === STREAM_EXISTS) return decideByMemory(log, stream, events, wrongExpected);
  if (expected < BigInt(current) && stream) {
    return decideByComparison(log, stream, Number(expected), events, isSoftDeleted, wrongExpected);
  }
  return expected > BigInt(current) ? wrongExpected : WRITE;
}

/** Without an exact revision, events are recognised by the ids seen lately. */
function decideByMemory(
  log: EventLog,
  stream: Stream | undefined,
  events: readonly Pick<ProposedEvent, 'id'>[],
  wrongExpected: AppendDecision,
): AppendDecision {
  let ordinal: number | undefined;
  for (const [index, { id }] of events.entries()) {
    const known = stream && log.ids.find(id);
    if (known === undefined || log.records.streamNumber(known) !== stream?.number) {
      return index === 0 ? WRITE : wrongExpected;
    }
    ordinal = known;
  }
  return ordinal === undefined ? WRITE : { decision: 'repeated', ordinal };
}

/** With one that lies in the past, the events after it must be the very same. */
function decideByComparison(
  log: EventLog,
  stream: Stream,
  expected: number,
  events: readonly Pick<ProposedEvent, 'id'>[],
  isSoftDeleted: boolean,
  wrongExpected: AppendDecision,
): AppendDecision {
  let ordinal: number | undefined;
  for (const [index, { id }] of events.entries()) {
    const there = stream.ordinals[expected + 1 + index];
    if (there === undefined || !log.records.hasId(there, id)) {
      return index === 0 && expected === -1 && isSoftDeleted ? WRITE : wrongExpected;
    }
    ordinal = there;
  }
  return ordinal === undefined ? wrongExpected : { decision: 'repeated', ordinal };
}

/** Where a repeated append's last event stands, if a reader would still see it. */
export function repeatedPosition(log: EventLog, ordinal: number): number | undefined {
  const revision = log.records.revision(ordinal);
  // Not yet on disk counts as readable: the answer waits until it is.
  if (ordinal >= log.visible) return log.records.position(ordinal);
  return readableOrdinal(log, log.streamOf(ordinal).name, revision) === ordinal
    ? log.records.position(ordinal)
    : undefined;
}
