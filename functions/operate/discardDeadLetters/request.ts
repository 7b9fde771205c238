import type { Selection } from '../../../shared/broker/listDeadLetters.ts';
import { discardBody, type RemedyBody, toSelection } from '../../../shared/http/deadLetters.ts';
import type { HttpEvent } from '../../../shared/http/incoming.ts';
import { operatorOf } from '../../../shared/http/operator.ts';
import { parseJsonBody } from '../../../shared/http/request.ts';

export interface DiscardRequest extends Pick<RemedyBody, 'dryRun' | 'ratePerSecond'> {
  readonly selection: Selection;
  readonly by: string;
  readonly reason: string;
}

/** @throws BadRequest */
export function parseRequest(event: HttpEvent): DiscardRequest {
  const body = parseJsonBody(event, discardBody);
  const { dryRun, ratePerSecond, reason } = body;
  return { selection: toSelection(body), dryRun, ratePerSecond, reason, by: operatorOf(event, body.by) };
}
