/** Between a domain event and what is stored: versions, upcasting, and the only trust in stored bytes. */
import * as z from 'zod';
import type { DomainEvent, EventDefinition, EventDefinitions } from '../kernel/event.ts';
import { Fault } from '../kernel/fault.ts';
import { toEventId } from '../kernel/ids.ts';
import type { EventMetadata, NewEvent, StoredEvent } from './eventStore.ts';

/** What is in a text of our own; JSON is read nowhere else in this room. */
export const parseJsonText = (text: string): unknown => JSON.parse(text);

/** Why something happens: carried from the command through everything that follows from it. */
export interface Cause {
  /** Id of the command or event that is acted on. */
  readonly id: string;
  readonly correlationId: string;
  /** Who acts: together with `id` it gives what is written its identity. */
  readonly actor: string;
  readonly traceparent?: string;
}

/** Acting on a stored event: what follows belongs to the same correlation. */
export const toCause = ({ id, metadata }: StoredEvent, actor: string): Cause => ({
  id,
  actor,
  correlationId: metadata.correlationId,
  ...(metadata.traceparent === undefined ? {} : { traceparent: metadata.traceparent }),
});

/** Metadata as it is stored: `$correlationId` and `$causationId` are the names EventStoreDB itself understands. */
export interface StoredMetadata {
  readonly $correlationId: string;
  readonly $causationId: string;
  readonly schemaVersion: number;
  readonly occurredAt: string;
  readonly actor: string;
  readonly traceparent?: string;
}

export const toStoredMetadata = ({ correlationId, causationId, ...rest }: EventMetadata): StoredMetadata => ({
  $correlationId: correlationId,
  $causationId: causationId,
  ...rest,
});

const isInstant = (value: unknown): boolean => typeof value === 'string' && !Number.isNaN(Date.parse(value));

/** By hand: every event that is relayed or handled passes here, and a schema would cost more than all the rest. */
const metadataChecks: readonly (readonly [keyof StoredMetadata, (value: unknown) => boolean])[] = [
  ['$correlationId', (value) => typeof value === 'string'],
  ['$causationId', (value) => typeof value === 'string'],
  ['schemaVersion', (value) => Number.isSafeInteger(value) && (value as number) >= 1],
  ['occurredAt', isInstant],
  ['actor', (value) => typeof value === 'string'],
  ['traceparent', (value) => value === undefined || typeof value === 'string'],
];

/** @throws Fault store/malformed-event naming everything that is missing or wrong */
export function parseStoredMetadata(stored: unknown, where: () => string): EventMetadata {
  const found = (typeof stored === 'object' && stored !== null ? stored : {}) as StoredMetadata;
  const isGood = metadataChecks.every(([name, isRight]) => isRight(found[name]));
  if (!isGood) {
    const wrong = metadataChecks.filter(([name, isRight]) => !isRight(found[name])).map(([name]) => name);
    throw new Fault('store/malformed-event', `metadata of ${where()}: missing or wrong: ${wrong.join(', ')}`);
  }
  const { $correlationId, $causationId, schemaVersion, occurredAt, actor, traceparent } = found;
  const metadata = { correlationId: $correlationId, causationId: $causationId, schemaVersion, occurredAt, actor };
  return traceparent === undefined ? metadata : { ...metadata, traceparent };
}

/**
 * Events as they are to be stored: an id follows from the event's cause and its place among the events of that cause, so
 * the same decision made again is the same write, whatever else was decided together with it.
 */
export function toNewEvents<Event extends DomainEvent>(
  definitions: EventDefinitions,
  stream: string,
  events: readonly Event[],
  causeOf: (event: Event) => Cause,
  occurredAt: Date,
): readonly NewEvent[] {
  const ofCause = new Map<string, number>();
  return events.map((event) => {
    const { id, correlationId, actor, traceparent } = causeOf(event);
    const index = ofCause.get(id) ?? 0;
    ofCause.set(id, index + 1);
    return {
      id: toEventId(id, actor, stream, index),
      type: event.type,
      data: event.data,
      metadata: {
        correlationId,
        causationId: id,
        schemaVersion: definitions[event.type]?.version ?? 1,
        occurredAt: occurredAt.toISOString(),
        actor,
        ...(traceparent === undefined ? {} : { traceparent }),
      },
    };
  });
}

/** Stands in where an event says nothing of its origin. */
export const unknownMetadata = (occurredAt: Date): EventMetadata => ({
  correlationId: '',
  causationId: '',
  schemaVersion: 1,
  occurredAt: occurredAt.toISOString(),
  actor: 'unknown',
});

function upcast(definition: EventDefinition, data: unknown, from: number): unknown {
  let current = data;
  for (let version = from; version < definition.version; version += 1) {
    current = definition.upcast?.[version]?.(current) ?? current;
  }
  return current;
}

/**
 * The domain event in a stored one, at today's version; undefined for a type not known here, which readers skip.
 *
 * @throws Fault store/malformed-event when its data does not fit the type's schema, or it says nothing of its origin
 */
export function toDomainEvent<Event extends DomainEvent>(
  definitions: EventDefinitions,
  stored: Pick<StoredEvent, 'type' | 'data' | 'metadata' | 'stream' | 'revision' | 'malformed'>,
): Event | undefined {
  const definition = Object.hasOwn(definitions, stored.type) ? definitions[stored.type] : undefined;
  if (!definition) return undefined;
  if (stored.malformed !== undefined) throw new Fault('store/malformed-event', stored.malformed);
  const parsed = definition.schema.safeParse(upcast(definition, stored.data, stored.metadata.schemaVersion));
  if (!parsed.success) {
    const where = `${stored.type} at ${stored.stream}@${stored.revision}`;
    throw new Fault('store/malformed-event', `${where}: ${z.prettifyError(parsed.error)}`, parsed.error);
  }
  return { type: stored.type, data: parsed.data } as unknown as Event;
}
