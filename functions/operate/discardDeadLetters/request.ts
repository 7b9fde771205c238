import type { Selection } from '../../../shared/broker/listDeadLetters.ts';
import type { Caller } from '../../../shared/http/caller.ts';
import { discardBody, type RemedyBody, toSelection } from '../../../shared/http/deadLetters.ts';
import type { HttpEvent } from '../../../shared/http/incoming.ts';
import { parseAll, parseJsonBody, parseNoQuery } from '../../../shared/http/request.ts';

export interface DiscardRequest extends Pick<RemedyBody, 'dryRun' | 'ratePerSecond'> {
  readonly selection: Selection;
  /** Whoever the token names. */
  readonly by: string;
  readonly reason: string;
}

/** @throws BadRequest */
export function parseRequest(event: HttpEvent, { customerId: by }: Caller): DiscardRequest {
  const [body] = parseAll(
    () => parseJsonBody(event, discardBody),
    () => parseNoQuery(event),
  );
  const { dryRun, ratePerSecond, reason } = body;
  return { selection: toSelection(body), dryRun, ratePerSecond, reason, by };
}
