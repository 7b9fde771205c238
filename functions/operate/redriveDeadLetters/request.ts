import type { Selection } from '../../../shared/broker/listDeadLetters.ts';
import type { Caller } from '../../../shared/http/caller.ts';
import { type RemedyBody, redriveBody, toSelection } from '../../../shared/http/deadLetters.ts';
import type { HttpEvent } from '../../../shared/http/incoming.ts';
import { parseAll, parseJsonBody, parseNoQuery } from '../../../shared/http/request.ts';

export interface RedriveRequest extends Pick<RemedyBody, 'dryRun' | 'ratePerSecond'> {
  readonly selection: Selection;
  /** Whoever the token names. */
  readonly by: string;
}

/** @throws BadRequest */
export function parseRequest(event: HttpEvent, { customerId: by }: Caller): RedriveRequest {
  const [body] = parseAll(
    () => parseJsonBody(event, redriveBody),
    () => parseNoQuery(event),
  );
  const { dryRun, ratePerSecond } = body;
  return { selection: toSelection(body), dryRun, ratePerSecond, by };
}
