export interface Accepted<Event> {
  readonly outcome: 'accepted';
  readonly events: readonly Event[];
}

export interface Rejected<Rejection> {
  readonly outcome: 'rejected';
  readonly rejection: Rejection;
}

/** What a decider answers: the events that follow from a command, or why the business says no. No events means: done before. */
export type Decision<Event, Rejection> = Accepted<Event> | Rejected<Rejection>;

/**
 * A context's rules as pure functions. `evolve` is total and silent: an event that can't be applied changes nothing.
 * `decide` is idempotent: a command that was carried out before is accepted with no events.
 */
export interface Decider<State, Command, Event, Rejection> {
  readonly initialState: State;
  readonly evolve: (state: State, event: Event) => State;
  readonly decide: (command: Command, state: State) => Decision<Event, Rejection>;
}

export const accepted = <Event>(...events: readonly Event[]): Accepted<Event> => ({ outcome: 'accepted', events });

export const rejected = <Rejection>(rejection: Rejection): Rejected<Rejection> => ({ outcome: 'rejected', rejection });
