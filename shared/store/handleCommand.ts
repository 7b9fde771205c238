// Way 3/7: append: decision -> events at a revision; all or nothing, a lost race is decided again
import { backoffMs } from '../kernel/backoff.ts';
import type { Clock } from '../kernel/clock.ts';
import type { Decider, Decision } from '../kernel/decision.ts';
import type { DomainEvent, EventDefinitions } from '../kernel/event.ts';
import { Fault } from '../kernel/fault.ts';
import type { EventId } from '../kernel/ids.ts';
import { type Cause, type Place, toDomainEvent, toNewEvents } from './codec.ts';
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

const toBehind = ({ stream, revision }: Place): Fault =>
  new Fault('store/behind', `${stream}@${revision} is acted on, and a read does not have it yet`);

/** What has this event has everything that was stored before it, in whichever stream. @throws Fault store/behind */
async function requireEvent(store: Pick<EventStore, 'read'>, place: Place): Promise<void> {
  for await (const _ of store.read(place.stream, { from: place.revision })) return;
  throw toBehind(place);
}

interface Loading<State> {
  /** What is known of the stream already; the rest is read. */
  readonly from?: Loaded<State> | undefined;
  /** Where an event stands that is acted on: if that is in this stream, it has to be among what is read. */
  readonly having?: Place | undefined;
}

/**
 * @throws Fault as EventStore.read; store/behind when the store answers without the event that is acted on, as a node can
 * that was the leader until just now
 */
export async function loadState<State, Command, Event extends DomainEvent, Rejection>(
  store: Pick<EventStore, 'read'>,
  { decider, events }: Aggregate<State, Command, Event, Rejection>,
  stream: string,
  { from = { state: decider.initialState, revision: -1n }, having }: Loading<State> = {},
): Promise<Loaded<State>> {
  let { state, revision } = from;
  for await (const stored of store.read(stream, { from: revision + 1n })) {
    revision = stored.revision;
    const event = toDomainEvent<Event>(events, stored);
    if (event) state = decider.evolve(state, event);
  }
  if (having?.stream === stream && revision < having.revision) throw toBehind(having);
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
 * A read can be behind what was told of already, from a node that was the leader until just now. A write would fail then, and
 * be decided again; what is to be refused, or left alone, is decided once more, on a read that was made after the store has
 * shown the event that is acted on. With many causes, `decide` itself has to read them (`having`).
 *
 * @throws Fault store/unavailable, store/contended after 20 lost races, and as loadState and EventStore.append
 */
export async function decideAndAppend<State, Command, Event extends DomainEvent, Rejection>(
  { store, clock, cache }: Deps<State>,
  aggregate: Aggregate<State, Command, Event, Rejection>,
  stream: string,
  decide: (loaded: Loaded<State>) => Promise<Decision<Event, Rejection>>,
  cause: Cause | ((event: Event) => Cause),
): Promise<CommandResult<State, Event, Rejection>> {
  const place = typeof cause === 'function' ? undefined : cause.place;
  // A command from outside follows from nothing in the store; in the same stream, the read itself is asked for the event.
  let isSure = typeof cause !== 'function' && (place === undefined || place.stream === stream);
  for (let attempt = 1; attempt <= maxAttempts; attempt += 1) {
    // What was remembered is given up when it may be the reason for losing: a store that was set back, say.
    if (attempt > maxAttemptsWithCache) cache?.drop(stream);
    const loaded = await loadState(store, aggregate, stream, { from: cache?.get(stream), having: place });
    cache?.set(stream, loaded);
    const { state, revision } = loaded;
    const decision = await decide(loaded);
    if (decision.outcome === 'rejected' || decision.events.length === 0) {
      if (isSure) return decision.outcome === 'rejected' ? decision : { ...decision, eventIds: [], state, revision };
      // No append will tell that too little was read.
      if (place) await requireEvent(store, place);
      isSure = true;
      continue;
    }
    const { events } = decision;

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
