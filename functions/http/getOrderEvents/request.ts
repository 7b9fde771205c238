import type { HttpEvent } from '../../../shared/http/incoming.ts';
import { type OrderId, parseOrderId } from '../../../shared/kernel/ids.ts';

export interface GetOrderEventsRequest {
  /** Undefined: no order can have this id. */
  readonly orderId: OrderId | undefined;
}

export const parseRequest = (event: HttpEvent): GetOrderEventsRequest => ({
  orderId: parseOrderId(event.pathParameters?.['orderId'] ?? ''),
});
