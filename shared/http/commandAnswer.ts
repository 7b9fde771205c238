import type { Cause } from '../store/codec.ts';
import type { CommandResult } from '../store/handleCommand.ts';
import { type PublicRejection, toRejectionProblem } from './rejections.ts';
import type { Reply } from './reply.ts';
import type { Answer } from './route.ts';

/**
 * What a caller is told of a command: the reply for an accepted one, a problem for a rejected one. The request's log line
 * says what it wrote where; a repeat wrote nothing and names no event.
 */
export function toCommandAnswer<State, Event>(
  stream: string,
  cause: Cause,
  result: CommandResult<State, Event, PublicRejection>,
  toReply: (revision: bigint) => Reply,
): Answer {
  const log = { stream, causationId: cause.id };
  if (result.outcome === 'rejected') return { problem: toRejectionProblem(result.rejection), log };
  const { eventIds, revision } = result;
  const eventId = eventIds.at(-1);
  return { ...toReply(revision), log: { ...log, revision, ...(eventId && { eventId }) } };
}
