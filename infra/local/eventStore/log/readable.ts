import type { EventLog } from './eventLog.ts';
import type { Stream } from './stream.ts';
import { parseStreamMetadata, type StreamMetadata } from './streamMetadata.ts';

/** Which revisions of a stream a reader sees: `min` to `last`, none created before `oldestMs`. Empty when min > last. */
export interface ReadableWindow {
  readonly min: number;
  readonly last: number;
  readonly oldestMs: number;
}

const NO_METADATA: StreamMetadata = {};

/** A stream as a reader finds it. Never written and soft-deleted look the same. */
export type StreamState =
  | { readonly status: 'missing' }
  | { readonly status: 'tombstoned' }
  | { readonly status: 'present'; readonly stream: Stream };

export function stateOf(log: EventLog, name: string): StreamState {
  const stream = log.stream(name);
  if (!stream) return { status: 'missing' };
  if (isGone(log, stream)) return { status: 'tombstoned' };
  if (lastReadable(log, stream) < 0 || metadataOf(log, stream).isSoftDeleted) return { status: 'missing' };
  return { status: 'present', stream };
}

/** Whether readers find the stream tombstoned, or the one whose metadata it holds. */
export function isGone(log: EventLog, stream: Stream): boolean {
  const tombstone = stream.tombstone ?? stream.target?.tombstone;
  return tombstone !== undefined && tombstone < log.visible;
}

/** What the last readable event of the stream's metadata stream says. */
export function metadataOf(log: EventLog, stream: Stream): StreamMetadata {
  const { metastream } = stream;
  return metastream ? parsedMetadata(log, stream, metastream.ordinals[lastReadable(log, metastream)]) : NO_METADATA;
}

/** The same for writers, who have to take into account what isn't readable yet. */
export function newestMetadataOf(log: EventLog, stream: Stream): StreamMetadata {
  return parsedMetadata(log, stream, stream.metastream?.ordinals.at(-1));
}

function parsedMetadata(log: EventLog, stream: Stream, ordinal: number | undefined): StreamMetadata {
  if (ordinal === undefined) return NO_METADATA;
  if (stream.parsedFrom !== ordinal || !stream.parsedMetadata) {
    stream.parsedMetadata = parseStreamMetadata(log.records.isJson(ordinal), log.records.data(ordinal));
    stream.parsedFrom = ordinal;
  }
  return stream.parsedMetadata;
}

/** The highest revision that can be read already, -1 if none. */
export function lastReadable(log: EventLog, stream: Stream): number {
  let last = stream.lastRevision;
  while (last >= 0 && (stream.ordinals[last] as number) >= log.visible) last--;
  return last;
}

/** Applies `$maxCount`, `$maxAge` and `$tb`. A metadata stream shows its newest event only. */
export function readableWindow(log: EventLog, stream: Stream): ReadableWindow {
  const last = lastReadable(log, stream);
  if (stream.target) return { min: Math.max(0, last), last, oldestMs: Number.NEGATIVE_INFINITY };
  const { maxCount, maxAgeSeconds, truncateBefore } = metadataOf(log, stream);
  return {
    min: Math.max(0, maxCount === undefined ? 0 : last - maxCount + 1, truncateBefore ?? 0),
    last,
    oldestMs: maxAgeSeconds === undefined ? Number.NEGATIVE_INFINITY : log.now() - maxAgeSeconds * 1000,
  };
}

/** The ordinal of the event at `revision` if a reader of the stream would see it now. */
export function readableOrdinal(log: EventLog, name: string, revision: number): number | undefined {
  const state = stateOf(log, name);
  if (state.status !== 'present') return undefined;
  const { min, last, oldestMs } = readableWindow(log, state.stream);
  const ordinal = revision >= min && revision <= last ? state.stream.ordinals[revision] : undefined;
  return ordinal !== undefined && log.records.createdMs(ordinal) >= oldestMs ? ordinal : undefined;
}
