import type { DomainEvent } from '../kernel/event.ts';
import type { SnapshotDefinition } from '../kernel/snapshot.ts';
import type { Logger } from '../observe/logger.ts';
import { toDomainEvent } from './codec.ts';
import type { EventStore } from './eventStore.ts';
import type { Aggregate } from './handleCommand.ts';
import type { Snapshots } from './snapshots.ts';
import { createStateCache, type Loaded, type StateCache } from './stateCache.ts';

/** Events after which a state is kept anew: at most about so many are read to decide on a stream, however long it is. */
const keepEvery = 50n;

/** A cache that remembers beyond this process. */
export interface SnapshotCache<State> extends StateCache<State> {
  /** Makes sure that the state of `stream` is in the cache, as far as a snapshot and what came since can tell. */
  warm(stream: string): Promise<void>;
  /** Keeps what the cache has of `stream`, when enough has come since it was last kept. */
  keep(stream: string): Promise<void>;
}

interface Deps {
  readonly store: Pick<EventStore, 'read'>;
  readonly snapshots: Snapshots;
  readonly logger: Pick<Logger, 'warn'>;
}

/**
 * States of long streams, from memory, from snapshots, and from the stream itself where neither helps. Only saves reading:
 * a snapshot that can't be read, or whose event does not stand in the stream, is passed over, and one that can't be
 * written is missed.
 *
 * @param name of the state, for one stream can have several
 */
export function createSnapshotCache<State, Command, Event extends DomainEvent, Rejection>(
  { store, snapshots, logger }: Deps,
  name: string,
  aggregate: Aggregate<State, Command, Event, Rejection> & { readonly snapshot: SnapshotDefinition<State> },
): SnapshotCache<State> {
  const { snapshot: definition, decider, events } = aggregate;
  const cache = createStateCache<State>();
  /** Revisions at which streams were last kept. */
  const kept = createStateCache<undefined>();

  const trying = async <Answer>(what: string, stream: string, work: () => Promise<Answer>) => {
    try {
      return await work();
    } catch (error) {
      logger.warn(`snapshot not ${what}`, { stream, reason: error instanceof Error ? error.message : String(error) });
      return undefined;
    }
  };

  /** The state at the stream's newest event, on top of a snapshot; undefined when the snapshot is of no use. */
  async function readOn(stream: string): Promise<Loaded<State> | undefined> {
    const found = await snapshots.load(stream, name);
    if (found?.version !== definition.version) return undefined;
    let state = definition.decode(found.state);
    if (state === undefined) return undefined;
    let revision: bigint | undefined;
    for await (const stored of store.read(stream, { from: found.revision })) {
      // Of another stream of this name: the store was set back or replaced.
      if (revision === undefined && stored.id !== found.eventId) return undefined;
      const event = revision === undefined ? undefined : toDomainEvent<Event>(events, stored);
      if (event) state = decider.evolve(state, event);
      ({ revision } = stored);
    }
    if (revision === undefined) return undefined;
    kept.set(stream, { state: undefined, revision: found.revision });
    return { state, revision };
  }

  return {
    ...cache,
    async warm(stream) {
      if (cache.get(stream)) return;
      const loaded = await trying('read', stream, () => readOn(stream));
      if (loaded) cache.set(stream, loaded);
    },

    async keep(stream) {
      const loaded = cache.get(stream);
      const before = kept.get(stream)?.revision ?? -1n;
      if (!loaded || loaded.revision - before < keepEvery) return;
      const { state, revision } = loaded;
      kept.set(stream, { state: undefined, revision });
      await trying('written', stream, async () => {
        for await (const { id: eventId } of store.read(stream, { from: revision })) {
          const snapshot = { revision, eventId, version: definition.version, state: definition.encode(state) };
          await snapshots.save(stream, name, snapshot);
          return;
        }
      });
    },
  };
}
