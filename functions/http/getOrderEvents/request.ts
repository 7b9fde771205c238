import { type Caller, type Reach, reachOf } from '../../../shared/http/caller.ts';
import type { HttpEvent } from '../../../shared/http/incoming.ts';
import { type OrderId, parseOrderId } from '../../../shared/kernel/ids.ts';

export interface GetOrderEventsRequest {
  /** Undefined: no order can have this id. */
  readonly orderId: OrderId | undefined;
  readonly reach: Reach;
}

export const parseRequest = (event: HttpEvent, caller: Caller): GetOrderEventsRequest => ({
  orderId: parseOrderId(event.pathParameters?.['orderId'] ?? ''),
  reach: reachOf(caller),
});
