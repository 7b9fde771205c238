import * as z from 'zod/mini';
import { type Caller, customerId, requireReach } from '../../../shared/http/caller.ts';
import type { HttpEvent } from '../../../shared/http/incoming.ts';
import { parseParameters } from '../../../shared/http/request.ts';

export const path = z.object({ customerId });

export type EraseCustomerRequest = z.infer<typeof path>;

/** @throws BadRequest 403 for another customer than the caller, without the scope `ops` */
export function parseRequest(event: HttpEvent, caller: Caller): EraseCustomerRequest {
  const request = parseParameters({ customerId: event.pathParameters?.['customerId'] }, path);
  requireReach(caller, request.customerId);
  return request;
}
