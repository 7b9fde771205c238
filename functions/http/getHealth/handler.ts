import { unhealthyCode } from '../../../shared/http/problem.ts';
import { reply } from '../../../shared/http/reply.ts';
import type { Answer } from '../../../shared/http/route.ts';

export interface Deps {
  /** By name: each rejects when the part does not answer. */
  readonly checks: Readonly<Record<string, () => Promise<unknown>>>;
}

/** `GET /health`: 200 when every part that commands need answers, 503 naming those that do not. */
export const createHandler =
  ({ checks }: Deps) =>
  async (): Promise<Answer> => {
    const results = await Promise.all(
      Object.entries(checks).map(async ([name, check]) => {
        const isUp = await check().then(
          () => true,
          () => false,
        );
        return [name, isUp ? 'ok' : 'down'] as const;
      }),
    );
    const facts = { checks: Object.fromEntries(results) };
    if (results.every(([, state]) => state === 'ok')) return reply(200, { status: 'ok', ...facts });
    const detail = 'a part that commands need does not answer';
    return { problem: { status: 503, code: unhealthyCode, detail, facts } };
  };
