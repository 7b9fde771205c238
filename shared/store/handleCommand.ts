// Way 3/7: append: decision -> events at a revision; all or nothing, a lost race is decided again
import { backoffMs } from '../kernel/backoff.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Decider, Decision } from '../kernel/decision.ts';
import type { DomainEvent, EventDefinitions } from '../kernel/event.ts';
import { Fault } from '../kernel/fault.ts';
import type { EventId } from '../kernel/ids.ts';
import { type Cause, toDomainEvent, toNewEvents } from './codec.ts';
import type { EventStore } from './eventStore.ts';
import type { Loaded, StateCache } from './stateCache.ts';

export type CommandResult<State, Event, Rejection> =
  | {
      readonly outcome: 'accepted';
      /** What was written; none when the command had been carried out before. */
      readonly events: readonly Event[];
      /** Of these events, in the store. */
      readonly eventIds: readonly EventId[];
      readonly state: State;
      /** Of the stream's newest event afterwards. */
      readonly revision: bigint;
    }
  | { readonly outcome: 'rejected'; readonly rejection: Rejection };

/** What a stream is decided by: the rules and the schemas of its events. */
export interface Aggregate<State, Command, Event extends DomainEvent, Rejection> {
  readonly decider: Decider<State, Command, Event, Rejection>;
  readonly events: EventDefinitions;
}

/** Lost races in a row after which somebody is told to come back later. */
const maxAttempts = 20;
const maxAttemptsWithCache = 3;

/** The winner needs a moment, and those who lost together must not come back together; all in all some 3 s. */
const pauseAfterLoss = { baseMs: 4, maxMs: 250 } as const;

/** @throws Fault as EventStore.read */
export async function loadState<State, Command, Event extends DomainEvent, Rejection>(
  store: Pick<EventStore, 'read'>,
  { decider, events }: Aggregate<State, Command, Event, Rejection>,
  stream: string,
  from: Loaded<State> = { state: decider.initialState, revision: -1n },
): Promise<Loaded<State>> {
  let { state, revision } = from;
  for await (const stored of store.read(stream, { from: revision + 1n })) {
    revision = stored.revision;
    const event = toDomainEvent<Event>(events, stored);
    if (event) state = decider.evolve(state, event);
  }
  return { state, revision };
}

interface Deps<State> {
  readonly store: Pick<EventStore, 'read' | 'append'>;
  readonly clock: Pick<Clock, 'now' | 'sleep'>;
  /** For long streams that one process decides on again and again. */
  readonly cache?: StateCache<State>;
}

/**
 * Carries out one command on one stream.
 *
 * @throws Fault as decideAndAppend
 */
export const handleCommand = <State, Command, Event extends DomainEvent, Rejection>(
  deps: Deps<State>,
  aggregate: Aggregate<State, Command, Event, Rejection>,
  stream: string,
  command: NoInfer<Command>,
  cause: Cause,
): Promise<CommandResult<State, Event, Rejection>> =>
  decideAndAppend(deps, aggregate, stream, async ({ state }) => aggregate.decider.decide(command, state), cause);

/**
 * Decides on what one stream holds and writes the events at the revision they were decided on. The only loop that
 * retries a lost append race: `decide` is asked anew for each attempt, so that it can also depend on what another stream
 * says, read *after* this one. Before each new attempt it waits, longer each time and by chance, so that those who met
 * do not meet again. Where one write answers many causes, `cause` says which event follows from which.
 *
 * @throws Fault store/unavailable, store/contended after 20 lost races, and as EventStore.append
 */
export async function decideAndAppend<State, Command, Event extends DomainEvent, Rejection>(
  { store, clock, cache }: Deps<State>,
  aggregate: Aggregate<State, Command, Event, Rejection>,
  stream: string,
  decide: (loaded: Loaded<State>) => Promise<Decision<Event, Rejection>>,
  cause: Cause | ((event: Event) => Cause),
): Promise<CommandResult<State, Event, Rejection>> {
  for (let attempt = 1; attempt <= maxAttempts; attempt += 1) {
    // What was remembered is given up when it may be the reason for losing: a store that was set back, say.
    if (attempt > maxAttemptsWithCache) cache?.drop(stream);
    const loaded = await loadState(store, aggregate, stream, cache?.get(stream));
    cache?.set(stream, loaded);
    const { state, revision } = loaded;
    const decision = await decide(loaded);
    if (decision.outcome === 'rejected') return decision;
    const { events } = decision;
    if (events.length === 0) return { outcome: 'accepted', events, eventIds: [], state, revision };

    const causeOf = typeof cause === 'function' ? cause : () => cause;
    const newEvents = toNewEvents(aggregate.events, stream, events, causeOf, clock.now());
    const result = await store.append(stream, newEvents, revision === -1n ? 'no-stream' : revision);
    if (result.outcome === 'appended') {
      const after = { state: events.reduce(aggregate.decider.evolve, state), revision: result.revision };
      cache?.set(stream, after);
      return { outcome: 'accepted', events, eventIds: newEvents.map(({ id }) => id), ...after };
    }
    if (attempt < maxAttempts) await clock.sleep(backoffMs(attempt, pauseAfterLoss));
  }
  throw new Fault('store/contended', `${stream}: ${maxAttempts} appends in a row lost to other writers`);
}
