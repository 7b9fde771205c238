import * as z from 'zod/mini';
import { type Caller, customerId, requireReach } from '../../../shared/http/caller.ts';
import type { HttpEvent } from '../../../shared/http/incoming.ts';
import { parseAll, parseNoQuery, parseParameters } from '../../../shared/http/request.ts';

export const path = z.object({
  customerId: customerId.check(z.meta({ description: 'The caller; another one needs the scope `ops`.' })),
});

export interface EraseCustomerRequest extends z.infer<typeof path> {
  /** The operator who asks for it; undefined: the customer themselves. */
  readonly operator: string | undefined;
}

/** @throws BadRequest 403 for another customer than the caller, without the scope `ops` */
export function parseRequest(event: HttpEvent, caller: Caller): EraseCustomerRequest {
  const [request] = parseAll(
    () => parseParameters({ customerId: event.pathParameters?.['customerId'] }, path),
    () => parseNoQuery(event),
  );
  requireReach(caller, request.customerId);
  return { ...request, operator: caller.customerId === request.customerId ? undefined : caller.customerId };
}
