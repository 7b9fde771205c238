import { type Caller, type Reach, reachOf } from '../../../shared/http/caller.ts';
import type { HttpEvent } from '../../../shared/http/incoming.ts';
import { parseNoQuery } from '../../../shared/http/request.ts';
import { type OrderId, parseOrderId } from '../../../shared/kernel/ids.ts';

export interface GetOrderEventsRequest {
  /** Undefined: no order can have this id. */
  readonly orderId: OrderId | undefined;
  readonly reach: Reach;
}

/** @throws BadRequest */
export function parseRequest(event: HttpEvent, caller: Caller): GetOrderEventsRequest {
  parseNoQuery(event);
  return { orderId: parseOrderId(event.pathParameters?.['orderId'] ?? ''), reach: reachOf(caller) };
}
