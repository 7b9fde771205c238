import type { HttpEvent } from '../../../shared/http/incoming.ts';
import { type Precondition, parseIfMatch } from '../../../shared/http/preconditions.ts';
import { parseAll } from '../../../shared/http/request.ts';
import { type OrderId, parseOrderId } from '../../../shared/kernel/ids.ts';

export interface CancelOrderRequest {
  /** Undefined: no order can have this id. */
  readonly orderId: OrderId | undefined;
  /** Undefined: at whatever revision the order is. */
  readonly ifMatch?: Precondition | undefined;
}

/** @throws BadRequest */
export function parseRequest(event: HttpEvent): CancelOrderRequest {
  const [ifMatch] = parseAll(() => parseIfMatch(event));
  return { orderId: parseOrderId(event.pathParameters?.['orderId'] ?? ''), ifMatch };
}
