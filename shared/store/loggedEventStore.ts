import { type Clock, durationSince } from '../kernel/clock.ts';
import type { Logger } from '../observe/logger.ts';
import type { EventStore, NewEvent } from './eventStore.ts';

const toFields = ({ type, id: eventId, metadata: { correlationId, causationId } }: NewEvent) => ({
  type,
  eventId,
  correlationId,
  causationId,
});

/** The same store, with one line for each event that is appended through it: the third step of an order's way in the logs. */
export function createLoggedEventStore(
  store: EventStore,
  { logger, clock }: { readonly logger: Logger; readonly clock: Pick<Clock, 'elapsedMs'> },
): EventStore {
  return {
    ...store,
    async append(stream, events, expected) {
      const startedMs = clock.elapsedMs();
      const result = await store.append(stream, events, expected);
      const durationMs = durationSince(clock, startedMs);
      if (result.outcome === 'conflict') {
        const [event] = events;
        logger.info('append lost a race', { ...(event && toFields(event)), stream, expected, durationMs });
        return result;
      }
      const first = result.revision - BigInt(events.length) + 1n;
      for (const [index, event] of events.entries()) {
        const revision = first + BigInt(index);
        logger.info('event appended', { ...toFields(event), stream, revision, durationMs });
      }
      return result;
    },
  };
}
