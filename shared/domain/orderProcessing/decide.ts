import { accepted, type Decider, type Decision } from '../../kernel/decision.ts';
import type { FulfilmentCommand } from './commands.ts';
import type { FulfilmentEvent } from './events.ts';
import { evolve } from './evolve.ts';
import { type Fulfilment, initialState } from './state.ts';
import { toDo } from './toDo.ts';

/** News is noted together with everything it makes necessary; what is late, repeated or impossible changes nothing. */
export function decide({ fact }: FulfilmentCommand, fulfilment: Fulfilment): Decision<FulfilmentEvent, never> {
  const next = evolve(fulfilment, fact);
  if (next === fulfilment) return accepted();
  return accepted(fact, ...(next.status === 'active' ? toDo(next) : []));
}

export const fulfilmentDecider: Decider<Fulfilment, FulfilmentCommand, FulfilmentEvent, never> = {
  initialState,
  evolve,
  decide,
};
