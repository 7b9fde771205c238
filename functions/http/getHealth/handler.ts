import { type Reply, reply } from '../../../shared/http/reply.ts';

export interface Deps {
  /** By name: each rejects when the part does not answer. */
  readonly checks: Readonly<Record<string, () => Promise<unknown>>>;
}

/** `GET /health`: 200 when every part that commands need answers, 503 naming those that do not. */
export const createHandler =
  ({ checks }: Deps) =>
  async (): Promise<Reply> => {
    const results = await Promise.all(
      Object.entries(checks).map(async ([name, check]) => {
        const isUp = await check().then(
          () => true,
          () => false,
        );
        return [name, isUp ? 'ok' : 'down'] as const;
      }),
    );
    const isHealthy = results.every(([, state]) => state === 'ok');
    return reply(isHealthy ? 200 : 503, { status: isHealthy ? 'ok' : 'down', checks: Object.fromEntries(results) });
  };
