import { type RemedyDeps, remedyDeadLetters } from '../../../shared/broker/remedyDeadLetters.ts';
import { toRemedyView } from '../../../shared/http/deadLetters.ts';
import { reply } from '../../../shared/http/reply.ts';
import type { Answer, RequestContext } from '../../../shared/http/route.ts';
import type { DiscardRequest } from './request.ts';

/** API Gateway waits 30 s. What remains then is counted, and the same request again goes on. */
const budgetMs = 20_000;

/** `POST /ops/dead-letters/discard`: what failed is given up, for the reason that is said; its stream goes on after it. */
export const createHandler =
  (deps: RemedyDeps) =>
  async (
    { selection, dryRun, ratePerSecond, reason, by }: DiscardRequest,
    { correlationId }: RequestContext,
  ): Promise<Answer> => {
    const options = { isDryRun: dryRun, ratePerSecond, correlationId, budgetMs };
    return reply(200, {
      dryRun,
      ...toRemedyView(await remedyDeadLetters(deps, selection, { kind: 'discard', by, reason }, options)),
    });
  };
