import { accepted, type Decider, type Decision, rejected } from '../../kernel/decision.ts';
import type { RemedyCommand } from './commands.ts';
import type { RemedyEvent } from './events.ts';
import type { RemedyRejection } from './rejections.ts';
import { evolve, initialState, type Remedy } from './state.ts';

/** Each failure is remedied once, one way: the same again is done already, the other way comes too late. */
function decide(command: RemedyCommand, remedy: Remedy): Decision<RemedyEvent, RemedyRejection> {
  const { type, ...data } = command;
  const wanted = type === 'RedriveDeadLetter' ? 'redriven' : 'discarded';
  if (remedy.status !== 'none' && remedy.failedAt === data.failedAt) {
    return remedy.status === wanted ? accepted() : rejected({ code: 'dead-letter/remedied-otherwise', by: remedy.by });
  }
  if (command.type === 'RedriveDeadLetter') return accepted({ type: 'DeadLetterRedriven', data });
  return accepted({ type: 'DeadLetterDiscarded', data: { ...data, reason: command.reason } });
}

export const remedyDecider: Decider<Remedy, RemedyCommand, RemedyEvent, RemedyRejection> = {
  initialState,
  evolve,
  decide,
};
