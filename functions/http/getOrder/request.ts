import * as z from 'zod/mini';
import { type Caller, type Reach, reachOf } from '../../../shared/http/caller.ts';
import type { HttpEvent } from '../../../shared/http/incoming.ts';
import { parseQuery, revisionParameter } from '../../../shared/http/request.ts';
import { type OrderId, parseOrderId } from '../../../shared/kernel/ids.ts';

export const query = z.strictObject({ minRevision: z.optional(revisionParameter) });

export interface GetOrderRequest {
  /** Undefined: no order can have this id. */
  readonly orderId: OrderId | undefined;
  readonly reach: Reach;
  readonly minRevision: bigint | undefined;
}

/** @throws BadRequest */
export const parseRequest = (event: HttpEvent, caller: Caller): GetOrderRequest => ({
  orderId: parseOrderId(event.pathParameters?.['orderId'] ?? ''),
  reach: reachOf(caller),
  minRevision: parseQuery(event, query).minRevision,
});
