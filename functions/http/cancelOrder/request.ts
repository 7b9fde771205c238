import type { HttpEvent } from '../../../shared/http/request.ts';
import { type OrderId, parseOrderId } from '../../../shared/kernel/ids.ts';

export interface CancelOrderRequest {
  /** Undefined: no order can have this id. */
  readonly orderId: OrderId | undefined;
}

export const parseRequest = (event: HttpEvent): CancelOrderRequest => ({
  orderId: parseOrderId(event.pathParameters?.['orderId'] ?? ''),
});
