import {
  type AllStreamSubscription,
  ErrorType,
  type EventStoreDBClient,
  jsonEvent,
  NO_STREAM,
  type ResolvedEvent,
  START,
  streamNameFilter,
} from '@eventstore/db-client';
import { Fault } from '../kernel/fault.ts';
import type { EventId } from '../kernel/ids.ts';
import type { Lazy } from '../kernel/lazy.ts';
import { isOfType, toStoreFault } from './esdbFault.ts';
import { readEsdbHead } from './esdbHead.ts';
import { leave, untilLeft } from './esdbReading.ts';
import type { AllItem, EventStore, NewEvent, Position, StoredEvent } from './eventStore.ts';
import { parseStoredMetadata, toStoredMetadata, unknownMetadata } from './metadata.ts';
import { readBatches } from './readBatches.ts';

/** How long an append, the next event of a read or a subscription's confirmation may take. */
const defaultTimeoutMs = 5_000;

/** Considered records between two checkpoints of a filtered subscription: this times the search window of 32. */
const checkpointInterval = 8;

/** Events that are decoded ahead of who reads them: with many, the server waits for a window that nobody opens. */
const readAhead = 16;

const maxPosition = 2n ** 63n - 1n;

type Recorded = NonNullable<ResolvedEvent['event']>;

const toEventData = ({ id, type, data, metadata }: NewEvent) =>
  jsonEvent({
    id,
    type,
    data: data as Record<string, unknown>,
    metadata: toStoredMetadata(metadata),
  });

/** @throws Fault store/malformed-event when it is not an event as we write them */
function toOurEvent(recorded: Recorded): StoredEvent {
  const { id, type, streamId: stream, revision, isJson, data } = recorded;
  const where = (): string => `${type} at ${stream}@${revision}`;
  if (!isJson || typeof data !== 'object' || data === null) {
    throw new Fault('store/malformed-event', `data of ${where()} is not a JSON object`);
  }
  return { id: id as EventId, type, stream, revision, data, metadata: parseStoredMetadata(recorded.metadata, where) };
}

const toReason = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** An event of a stream, whoever wrote it. */
function toStoredEvent(recorded: Recorded): StoredEvent {
  const { id, type, streamId: stream, revision, created, position } = recorded;
  // Servers before 22.6 say "none" with the largest number there is.
  const isPlaced = position !== undefined && position.commit < maxPosition;
  const place = isPlaced ? { position: position.commit } : {};
  try {
    return { ...toOurEvent(recorded), ...place };
  } catch (error) {
    const metadata = unknownMetadata(created);
    return { id: id as EventId, type, stream, revision, data: {}, metadata, ...place, malformed: toReason(error) };
  }
}

function toAllItem(recorded: Recorded): AllItem {
  const { streamId: stream, revision } = recorded;
  const position = recorded.position as Position;
  try {
    return { kind: 'event', event: toOurEvent(recorded), position };
  } catch (error) {
    return { kind: 'malformed', stream, revision, position, reason: toReason(error) };
  }
}

/**
 * EventStoreDB through its official client. A client that met a fault is dropped, so that the next call makes a new one
 * with nothing remembered of the server. The connection itself is gRPC's, shared by all clients of one address in this
 * process, and found dead by its own pings, or given up after a freeze (esdbClient.ts).
 */
export function createEsdbEventStore<Client extends EventStoreDBClient | Promise<EventStoreDBClient>>(
  client: Lazy<Client>,
  timeoutMs = defaultTimeoutMs,
): EventStore {
  const fail = (error: unknown, doing: string, kept: Client): Fault => {
    const fault = toStoreFault(error, doing);
    // One that asked a follower has been told who leads, and goes there with the next call.
    const isToldWho = isOfType(error, ErrorType.NOT_LEADER);
    if ((fault.code === 'store/unavailable' && !isToldWho) || fault.code === 'store/refused') client.drop(kept);
    return fault;
  };

  return {
    async append(stream, events, expected) {
      const timeout = Promise.withResolvers<never>();
      const kept = client();
      const used = await kept;
      const doing = `append to ${stream}`;
      const timer = setTimeout(() => timeout.reject(new Error(`no answer within ${timeoutMs} ms`)), timeoutMs);
      try {
        const expectedRevision = expected === 'no-stream' ? NO_STREAM : expected;
        const appended = used.appendToStream(stream, events.map(toEventData), { expectedRevision });
        const { nextExpectedRevision } = await Promise.race([appended, timeout.promise]);
        return { outcome: 'appended', revision: nextExpectedRevision };
      } catch (error) {
        if (isOfType(error, ErrorType.WRONG_EXPECTED_VERSION)) return { outcome: 'conflict' };
        throw fail(error, doing, kept);
      } finally {
        clearTimeout(timer);
      }
    },

    async *read(stream, { from = 0n } = {}) {
      const kept = client();
      const used = await kept;
      const doing = `read ${stream}`;
      // A follower may not have yet what was told of already, and what is not there would be decided on.
      const reading = used.readStream(stream, { fromRevision: from, requiresLeader: true });
      const giveUp = (): void => {
        reading.destroy(new Error(`no event within ${timeoutMs} ms`));
      };
      let timer = setTimeout(giveUp, timeoutMs);
      let isOver = false;
      try {
        for await (const { event } of untilLeft(reading)) {
          clearTimeout(timer);
          if (event) yield toStoredEvent(event);
          timer = setTimeout(giveUp, timeoutMs);
        }
        isOver = true;
      } catch (error) {
        if (isOfType(error, ErrorType.STREAM_NOT_FOUND)) return;
        throw fail(error, doing, kept);
      } finally {
        clearTimeout(timer);
        if (!isOver) await leave(reading);
      }
    },

    async *readAll({ categories, after, signal }): AsyncGenerator<readonly AllItem[]> {
      if (signal.aborted) return;
      const kept = client();
      const used = await kept;
      const subscription: AllStreamSubscription = used.subscribeToAll(
        {
          fromPosition: after ?? START,
          requiresLeader: true,
          filter: streamNameFilter({
            prefixes: categories.map((category) => `${category}-`),
            checkpointInterval,
            // Pushed into the stream itself, a checkpoint keeps its place behind the events before it.
            checkpointReached: async (self, position) => {
              self.push({ kind: 'checkpoint', position } satisfies AllItem);
            },
          }),
        },
        { highWaterMark: readAhead },
      );
      subscription.on('caughtUp', () => subscription.push({ kind: 'caught-up' } satisfies AllItem));
      const silent = setTimeout(
        () => subscription.destroy(new Error(`not confirmed within ${timeoutMs} ms`)),
        timeoutMs,
      );
      subscription.once('confirmation', () => clearTimeout(silent));
      const end = (): void => {
        subscription.destroy();
      };
      signal.addEventListener('abort', end, { once: true });
      try {
        for await (const batch of readBatches<ResolvedEvent | AllItem>(subscription, readAhead)) {
          yield batch.flatMap((item) => ('kind' in item ? item : item.event ? toAllItem(item.event) : []));
        }
      } catch (error) {
        if (!signal.aborted) throw fail(error, 'subscribe to $all', kept);
      } finally {
        clearTimeout(silent);
        signal.removeEventListener('abort', end);
        await subscription.unsubscribe().catch(() => undefined);
      }
      if (!signal.aborted) throw fail(new Error('the server ended the subscription'), 'subscribe to $all', kept);
    },

    // Nobody acts on it: that it fails is no reason to drop a client that others are reading with.
    readHead: async (categories) => {
      const used = await client();
      return readEsdbHead(used, categories, timeoutMs).catch((error: unknown) => {
        throw toStoreFault(error, 'read the end of $all');
      });
    },
  };
}
