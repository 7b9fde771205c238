/** Between a domain event and what is stored: versions, upcasting, and the only trust in stored bytes. */
import { english, toSentence } from '../kernel/english.ts';
import type { DomainEvent, EventDefinition, EventDefinitions } from '../kernel/event.ts';
import { Fault } from '../kernel/fault.ts';
import { toEventId } from '../kernel/ids.ts';
import type { NewEvent, StoredEvent } from './eventStore.ts';

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
  /** Where it stands, of a stored event: what is read of the same stream has to have it. */
  readonly place?: Place;
}

export interface Place {
  readonly stream: string;
  readonly revision: bigint;
}

/** Acting on a stored event: what follows belongs to the same correlation. */
export const toCause = ({ id, stream, revision, metadata }: StoredEvent, actor: string): Cause => ({
  id,
  actor,
  place: { stream, revision },
  correlationId: metadata.correlationId,
  ...(metadata.traceparent === undefined ? {} : { traceparent: metadata.traceparent }),
});

/**
 * Events as they are to be stored: an id follows from the event's cause, its type and its place among the events of that cause, so
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
      id: toEventId(id, actor, stream, index, event.type),
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
  const parsed = definition.schema.safeParse(upcast(definition, stored.data, stored.metadata.schemaVersion), english);
  if (!parsed.success) {
    const where = `${stored.type} at ${stored.stream}@${stored.revision}`;
    throw new Fault('store/malformed-event', `${where}: ${toSentence(parsed.error)}`, parsed.error);
  }
  return { type: stored.type, data: parsed.data } as unknown as Event;
}
