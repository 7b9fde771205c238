import * as z from 'zod/mini';
import type { Caller } from '../../../shared/http/caller.ts';
import type { HttpEvent } from '../../../shared/http/incoming.ts';
import { parseAll, parseJsonBody, parseNoQuery } from '../../../shared/http/request.ts';
import { parsePosition } from '../../../shared/relay/position.ts';
import type { RewindTarget } from '../../../shared/relay/rewind.ts';

const isTarget = (text: string): boolean => text === 'start' || parsePosition(text) !== undefined;

export const body = z.strictObject({
  to: z
    .string()
    .check(
      z.refine(isTarget, { message: 'expected "start", or a position such as 1234 or 1234/1200' }),
      z.meta({ description: '`start`, or the position behind which it begins again: `commit` or `commit/prepare`.' }),
    ),
});

export interface RewindRequest {
  readonly to: RewindTarget;
  /** Whoever the token names. */
  readonly by: string;
}

/** @throws BadRequest */
export function parseRequest(event: HttpEvent, { customerId: by }: Caller): RewindRequest {
  const [{ to }] = parseAll(
    () => parseJsonBody(event, body),
    () => parseNoQuery(event),
  );
  return { to: parsePosition(to) ?? 'start', by };
}
