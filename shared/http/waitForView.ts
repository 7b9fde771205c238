/** `Prefer: wait=N` (RFC 7240) on commands: answered when the view has what was decided, and at the latest N seconds later. */
import type { Clock } from '../kernel/clock.ts';
import type { ViewTable } from '../readModels/readView.ts';
import type { Caller } from './caller.ts';
import { type HttpEvent, headerOf } from './incoming.ts';
import type { Answer, RequestContext } from './route.ts';

/** A caller may ask for more; nobody is kept longer. */
const maxWaitS = 5;
const betweenLooksMs = 25;

/** Seconds that the caller would wait; 0 for none. What parameters come with it is no matter. A preference that can't be read is none, as the RFC has it. */
export function parseWait(event: HttpEvent): number {
  const preferences = (headerOf(event, 'prefer') ?? '').split(',');
  const waits = preferences.flatMap((text) => /^\s*wait\s*=\s*"?(\d{1,9})"?\s*(?:;|$)/i.exec(text)?.[1] ?? []);
  return Math.min(maxWaitS, Number(waits[0] ?? 0));
}

interface Waiting<Request> {
  readonly request: Request;
  readonly waitS: number;
}

/** A request together with how long its caller would wait. */
export const withWait =
  <Request>(parse: (event: HttpEvent, caller: Caller) => Request) =>
  (event: HttpEvent, caller: Caller): Waiting<Request> => ({
    request: parse(event, caller),
    waitS: parseWait(event),
  });

interface Deps<View> {
  readonly table: ViewTable<View>;
  readonly clock: Pick<Clock, 'elapsedMs' | 'sleep'>;
  /** The stream that the accepted command was decided on. */
  readonly toStream: (body: Readonly<Record<string, unknown>>) => string;
}

/**
 * The handler's own answer, given when the view of its stream has reached the revision that it names. The command is in:
 * whatever keeps the view, also a table that is down, the answer stays the same, only without `Preference-Applied`.
 */
export const waitForView =
  <View, Request>(
    { table, clock, toStream }: Deps<View>,
    handle: (request: Request, context: RequestContext) => Promise<Answer>,
  ) =>
  async ({ request, waitS }: Waiting<Request>, context: RequestContext): Promise<Answer> => {
    const untilMs = clock.elapsedMs() + waitS * 1_000;
    const answer = await handle(request, context);
    if ('problem' in answer || waitS === 0) return answer;
    const body = answer.body as Readonly<Record<string, unknown>>;
    const revision = BigInt(String(body['revision']));
    while (clock.elapsedMs() < untilMs) {
      const row = await table.read(toStream(body)).catch(() => undefined);
      if (row && row.revision >= revision) {
        return { ...answer, headers: { ...answer.headers, 'preference-applied': `wait=${waitS}` } };
      }
      await clock.sleep(betweenLooksMs);
    }
    return answer;
  };
