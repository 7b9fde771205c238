import type { Clock } from '../kernel/clock.ts';
import { type EventId, toEventId } from '../kernel/ids.ts';
import type { EventMetadata, NewEvent } from '../store/eventStore.ts';

/** Where every event of a test comes from, unless it says otherwise. */
export const metadata: EventMetadata = {
  correlationId: 'correlation-1',
  causationId: 'cause-1',
  schemaVersion: 1,
  occurredAt: '2026-11-23T10:00:00.000Z',
  actor: 'test',
};

/** A clock that stands still at the time of every event of a test; waiting takes none. */
export const stoppedClock: Clock = {
  now: () => new Date(metadata.occurredAt),
  elapsedMs: () => 0,
  sleep: async () => undefined,
};

/** An event of a type that nobody knows, told apart by its data; the same data in the same stream is the same event. */
export const newEvent = (stream: string, data: object): NewEvent & { readonly id: EventId } => ({
  id: toEventId(JSON.stringify(data), 'test', stream, 0, 'Happened'),
  type: 'Happened',
  data,
  metadata,
});
