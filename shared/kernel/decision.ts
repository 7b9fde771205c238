/** What a decider answers: the events that follow from a command, or why the business says no. No events means: done before. */
export type Decision<Event, Rejection> =
  | { readonly outcome: 'accepted'; readonly events: readonly Event[] }
  | { readonly outcome: 'rejected'; readonly rejection: Rejection };

/**
 * A context's rules as pure functions. `evolve` is total and silent: an event that can't be applied changes nothing.
 * `decide` is idempotent: a command that was carried out before is accepted with no events.
 */
export interface Decider<State, Command, Event, Rejection> {
  readonly initialState: State;
  readonly evolve: (state: State, event: Event) => State;
  readonly decide: (command: Command, state: State) => Decision<Event, Rejection>;
}

export const accepted = <Event>(...events: readonly Event[]): Decision<Event, never> => ({
  outcome: 'accepted',
  events,
});

export const rejected = <Rejection>(rejection: Rejection): Decision<never, Rejection> => ({
  outcome: 'rejected',
  rejection,
});
