import * as z from 'zod/mini';
import { type Caller, customerId, requireReach } from '../../../shared/http/caller.ts';
import type { HttpEvent } from '../../../shared/http/incoming.ts';
import { parseAll, parseNoQuery, parseParameters } from '../../../shared/http/request.ts';

export const path = z.object({
  customerId: customerId.check(z.meta({ description: 'The caller; another one needs the scope `ops`.' })),
});

export type EraseCustomerRequest = z.infer<typeof path>;

/** @throws BadRequest 403 for another customer than the caller, without the scope `ops` */
export function parseRequest(event: HttpEvent, caller: Caller): EraseCustomerRequest {
  const [request] = parseAll(
    () => parseParameters({ customerId: event.pathParameters?.['customerId'] }, path),
    () => parseNoQuery(event),
  );
  requireReach(caller, request.customerId);
  return request;
}
