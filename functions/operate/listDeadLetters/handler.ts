import { type DeadLetterSources, listDeadLetters } from '../../../shared/broker/listDeadLetters.ts';
import { toCausesView, toDeadLetterView } from '../../../shared/http/deadLetters.ts';
import { type Reply, reply } from '../../../shared/http/reply.ts';
import type { Logger } from '../../../shared/observe/logger.ts';
import type { ListDeadLettersRequest } from './request.ts';

interface Deps extends DeadLetterSources {
  readonly logger: Pick<Logger, 'warn'>;
}

/** `GET /ops/dead-letters`: how many there are of each cause, and the oldest of them; without the broker, of blocked streams. */
export const createHandler =
  ({ logger, ...sources }: Deps) =>
  async ({ selection, limit }: ListDeadLettersRequest): Promise<Reply> => {
    const { letters, isComplete, queueFault } = await listDeadLetters(sources, selection);
    if (queueFault) logger.warn('dead-letter queues not seen', { code: queueFault.code, error: queueFault.message });
    return reply(200, {
      total: letters.length,
      isComplete,
      ...(queueFault && { queueFault: queueFault.code }),
      causes: toCausesView(letters),
      deadLetters: letters.slice(0, limit).map(toDeadLetterView),
    });
  };
