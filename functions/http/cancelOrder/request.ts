import { type Caller, type Reach, reachOf } from '../../../shared/http/caller.ts';
import type { HttpEvent } from '../../../shared/http/incoming.ts';
import { type Precondition, parseIfMatch } from '../../../shared/http/preconditions.ts';
import { parseAll, parseNoQuery } from '../../../shared/http/request.ts';
import { type OrderId, parseOrderId } from '../../../shared/kernel/ids.ts';

export interface CancelOrderRequest {
  /** Undefined: no order can have this id. */
  readonly orderId: OrderId | undefined;
  readonly reach: Reach;
  /** Undefined: at whatever revision the order is. */
  readonly ifMatch?: Precondition | undefined;
}

/** @throws BadRequest */
export function parseRequest(event: HttpEvent, caller: Caller): CancelOrderRequest {
  const [ifMatch] = parseAll(
    () => parseIfMatch(event),
    () => parseNoQuery(event),
  );
  return { orderId: parseOrderId(event.pathParameters?.['orderId'] ?? ''), reach: reachOf(caller), ifMatch };
}
