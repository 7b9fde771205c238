export interface Loaded<State> {
  readonly state: State;
  /** Of the stream's newest event; -1 when there is none. */
  readonly revision: bigint;
}

/**
 * States of streams as they were last seen, so that only what is new since has to be read. Never taken for the truth: a
 * load reads on from there, and an append is made at the revision that was seen. The streams used last are kept.
 */
export interface StateCache<State> {
  get(stream: string): Loaded<State> | undefined;
  set(stream: string, loaded: Loaded<State>): void;
  drop(stream: string): void;
}

export function createStateCache<State>(maxStreams = 1_000): StateCache<State> {
  const kept = new Map<string, Loaded<State>>();
  return {
    get: (stream) => kept.get(stream),
    set(stream, loaded) {
      // Out and in again: a Map keeps the order of insertion, so the first is the one used longest ago.
      kept.delete(stream);
      kept.set(stream, loaded);
      const [oldest] = kept.keys();
      if (kept.size > maxStreams && oldest !== undefined) kept.delete(oldest);
    },
    drop: (stream) => void kept.delete(stream),
  };
}
