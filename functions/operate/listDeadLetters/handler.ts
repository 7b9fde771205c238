import { type DeadLetterSources, listDeadLetters } from '../../../shared/broker/listDeadLetters.ts';
import { toCausesView, toDeadLetterView } from '../../../shared/http/deadLetters.ts';
import { type Reply, reply } from '../../../shared/http/reply.ts';
import type { ListDeadLettersRequest } from './request.ts';

/** `GET /ops/dead-letters`: how many there are of each cause, and the oldest of them. */
export const createHandler =
  (deps: DeadLetterSources) =>
  async ({ selection, limit }: ListDeadLettersRequest): Promise<Reply> => {
    const { letters, isComplete } = await listDeadLetters(deps, selection);
    return reply(200, {
      total: letters.length,
      isComplete,
      causes: toCausesView(letters),
      deadLetters: letters.slice(0, limit).map(toDeadLetterView),
    });
  };
