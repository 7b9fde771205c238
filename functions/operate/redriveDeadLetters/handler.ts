import { type RemedyDeps, remedyDeadLetters } from '../../../shared/broker/remedyDeadLetters.ts';
import { toRemedyView } from '../../../shared/http/deadLetters.ts';
import { reply } from '../../../shared/http/reply.ts';
import type { Answer, RequestContext } from '../../../shared/http/route.ts';
import type { RedriveRequest } from './request.ts';

/** API Gateway waits 30 s. What remains then is counted, and the same request again goes on. */
const budgetMs = 20_000;

/** `POST /ops/dead-letters/redrive`: blocked streams go on where they stopped, messages go back to their queue. */
export const createHandler =
  (deps: RemedyDeps) =>
  async (
    { selection, dryRun, ratePerSecond, by }: RedriveRequest,
    { correlationId }: RequestContext,
  ): Promise<Answer> => {
    const options = { isDryRun: dryRun, ratePerSecond, correlationId, budgetMs };
    return reply(200, {
      dryRun,
      ...toRemedyView(await remedyDeadLetters(deps, selection, { kind: 'redrive', by }, options)),
    });
  };
