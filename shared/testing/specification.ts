import { expect } from '@jest/globals';
import type { Decider } from '../kernel/decision.ts';

interface Outcome<Event, Code> {
  /** It produces exactly these events, in this order. */
  then(...events: readonly Event[]): void;
  /** It refuses, with this code. */
  thenRejected(code: Code): void;
  /** It stays quiet: accepted before, or nothing to do. */
  thenNothing(): void;
}

/** Given what has happened, when a command comes, then: the three questions every command answers. */
export function specification<State, Command, Event, Rejection extends { readonly code: string }>(
  decider: Decider<State, Command, Event, Rejection>,
) {
  return {
    given: (...history: readonly Event[]) => ({
      when(command: Command): Outcome<Event, Rejection['code']> {
        const decision = decider.decide(command, history.reduce(decider.evolve, decider.initialState));
        return {
          then: (...events) => expect(decision).toEqual({ outcome: 'accepted', events }),
          thenRejected: (code) =>
            expect(decision).toMatchObject({ outcome: 'rejected', rejection: expect.objectContaining({ code }) }),
          thenNothing: () => expect(decision).toEqual({ outcome: 'accepted', events: [] }),
        };
      },
    }),
  };
}
