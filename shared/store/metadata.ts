/** Between an event's metadata and what is stored of it; without schemas, as everything that only passes events on needs this. */
import { Fault } from '../kernel/fault.ts';
import type { EventMetadata } from './eventStore.ts';

/** Metadata as it is stored: `$correlationId` and `$causationId` are the names EventStoreDB itself understands. */
export interface StoredMetadata {
  readonly $correlationId: string;
  readonly $causationId: string;
  readonly schemaVersion: number;
  readonly occurredAt: string;
  readonly actor: string;
  readonly traceparent?: string;
}

// Each property by its name: with `...rest` the engine copies them one by one, for every event that passes.
export function toStoredMetadata(metadata: EventMetadata): StoredMetadata {
  const { correlationId, causationId, schemaVersion, occurredAt, actor, traceparent } = metadata;
  const stored = { $correlationId: correlationId, $causationId: causationId, schemaVersion, occurredAt, actor };
  return traceparent === undefined ? stored : { ...stored, traceparent };
}

const isInstant = (value: unknown): boolean => typeof value === 'string' && !Number.isNaN(Date.parse(value));

/** Names of what is missing or wrong. By hand: every event passes here, and a schema would cost more than all the rest. */
function findWrong(found: StoredMetadata): readonly string[] {
  const { $correlationId, $causationId, schemaVersion, occurredAt, actor, traceparent } = found;
  const wrong: string[] = [];
  if (typeof $correlationId !== 'string') wrong.push('$correlationId');
  if (typeof $causationId !== 'string') wrong.push('$causationId');
  if (!Number.isSafeInteger(schemaVersion) || schemaVersion < 1) wrong.push('schemaVersion');
  if (!isInstant(occurredAt)) wrong.push('occurredAt');
  if (typeof actor !== 'string') wrong.push('actor');
  if (traceparent !== undefined && typeof traceparent !== 'string') wrong.push('traceparent');
  return wrong;
}

/** @throws Fault store/malformed-event naming everything that is missing or wrong */
export function parseStoredMetadata(stored: unknown, where: () => string): EventMetadata {
  const found = (typeof stored === 'object' && stored !== null ? stored : {}) as StoredMetadata;
  const wrong = findWrong(found);
  if (wrong.length > 0) {
    throw new Fault('store/malformed-event', `metadata of ${where()}: missing or wrong: ${wrong.join(', ')}`);
  }
  const { $correlationId, $causationId, schemaVersion, occurredAt, actor, traceparent } = found;
  const metadata = { correlationId: $correlationId, causationId: $causationId, schemaVersion, occurredAt, actor };
  return traceparent === undefined ? metadata : { ...metadata, traceparent };
}

/** Stands in where an event says nothing of its origin. */
export const unknownMetadata = (occurredAt: Date): EventMetadata => ({
  correlationId: '',
  causationId: '',
  schemaVersion: 1,
  occurredAt: occurredAt.toISOString(),
  actor: 'unknown',
});
