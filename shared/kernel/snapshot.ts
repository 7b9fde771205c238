/** How a state is kept for a while, so that not all of its events have to be read again. */
export interface SnapshotDefinition<State> {
  /** It goes up with every change of `evolve` or of the state's shape: what was kept before is then forgotten. */
  readonly version: number;
  /** The state as JSON can hold it. */
  readonly encode: (state: State) => unknown;
  /** Undefined for what was not encoded by this version. */
  readonly decode: (encoded: unknown) => State | undefined;
}
