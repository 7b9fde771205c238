import type { FulfilmentFact } from './events.ts';

/** Something happened to this order. Whether it is news, and what has to be done about it, is the decider's. */
export interface NoteFact {
  readonly type: 'NoteFact';
  readonly fact: FulfilmentFact;
}

export type FulfilmentCommand = NoteFact;
