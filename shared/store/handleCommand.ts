// Way 3/7: append: decision -> events at a revision; all or nothing, a lost race is decided again
import type { Clock } from '../kernel/clock.ts';
import type { Decider, Decision } from '../kernel/decision.ts';
import type { DomainEvent, EventDefinitions } from '../kernel/event.ts';
import { Fault } from '../kernel/fault.ts';
import { type Cause, toDomainEvent, toNewEvents } from './codec.ts';
import type { EventStore } from './eventStore.ts';

export interface Loaded<State> {
  readonly state: State;
  /** Of the stream's newest event; -1 when there is none. */
  readonly revision: bigint;
}

export type CommandResult<State, Event, Rejection> =
  | {
      readonly outcome: 'accepted';
      /** What was written; none when the command had been carried out before. */
      readonly events: readonly Event[];
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

/** @throws Fault as EventStore.read */
export async function loadState<State, Command, Event extends DomainEvent, Rejection>(
  store: Pick<EventStore, 'read'>,
  { decider, events }: Aggregate<State, Command, Event, Rejection>,
  stream: string,
): Promise<Loaded<State>> {
  let state = decider.initialState;
  let revision = -1n;
  for await (const stored of store.read(stream)) {
    revision = stored.revision;
    const event = toDomainEvent<Event>(events, stored);
    if (event) state = decider.evolve(state, event);
  }
  return { state, revision };
}

interface Deps {
  readonly store: Pick<EventStore, 'read' | 'append'>;
  readonly clock: Pick<Clock, 'now'>;
}

/**
 * Carries out one command on one stream.
 *
 * @throws Fault as decideAndAppend
 */
export const handleCommand = <State, Command, Event extends DomainEvent, Rejection>(
  deps: Deps,
  aggregate: Aggregate<State, Command, Event, Rejection>,
  stream: string,
  command: NoInfer<Command>,
  cause: Cause,
): Promise<CommandResult<State, Event, Rejection>> =>
  decideAndAppend(deps, aggregate, stream, async ({ state }) => aggregate.decider.decide(command, state), cause);

/**
 * Decides on what one stream holds and writes the events at the revision they were decided on. The only loop that
 * retries a lost append race: `decide` is asked anew for each attempt, so that it can also depend on what another stream
 * says, read *after* this one.
 *
 * @throws Fault store/unavailable, store/contended after 20 lost races, and as EventStore.append
 */
export async function decideAndAppend<State, Command, Event extends DomainEvent, Rejection>(
  { store, clock }: Deps,
  aggregate: Aggregate<State, Command, Event, Rejection>,
  stream: string,
  decide: (loaded: Loaded<State>) => Promise<Decision<Event, Rejection>>,
  cause: Cause,
): Promise<CommandResult<State, Event, Rejection>> {
  for (let attempt = 1; attempt <= maxAttempts; attempt += 1) {
    const loaded = await loadState(store, aggregate, stream);
    const { state, revision } = loaded;
    const decision = await decide(loaded);
    if (decision.outcome === 'rejected') return decision;
    const { events } = decision;
    if (events.length === 0) return { outcome: 'accepted', events, state, revision };

    const newEvents = toNewEvents(aggregate.events, stream, events, cause, clock.now());
    const result = await store.append(stream, newEvents, revision === -1n ? 'no-stream' : revision);
    if (result.outcome === 'appended') {
      return {
        outcome: 'accepted',
        events,
        state: events.reduce(aggregate.decider.evolve, state),
        revision: result.revision,
      };
    }
  }
  throw new Fault('store/contended', `${stream}: ${maxAttempts} appends in a row lost to other writers`);
}
