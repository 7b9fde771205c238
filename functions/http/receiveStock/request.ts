import * as z from 'zod/mini';
import { sku } from '../../../shared/domain/catalogue/index.ts';
import type { Caller } from '../../../shared/http/caller.ts';
import { type HttpEvent, headerOf } from '../../../shared/http/incoming.ts';
import {
  idempotencyKey,
  parseAll,
  parseJsonBody,
  parseNoQuery,
  parseParameters,
} from '../../../shared/http/request.ts';

export const body = z.strictObject({ quantity: z.int().check(z.minimum(1), z.maximum(1_000_000_000)) });
const parameters = z.object({ sku, 'Idempotency-Key': z.optional(idempotencyKey) });

export interface ReceiveStockRequest {
  /** Who delivers: keys are a caller's own. */
  readonly callerId: string;
  readonly sku: string;
  readonly quantity: number;
  /** Without one, every request is another delivery. */
  readonly idempotencyKey: string | undefined;
}

/** @throws BadRequest */
export function parseRequest(event: HttpEvent, { customerId: callerId }: Caller): ReceiveStockRequest {
  const values = { sku: event.pathParameters?.['sku'], 'Idempotency-Key': headerOf(event, 'idempotency-key') };
  const [{ sku: name, 'Idempotency-Key': key }, receipt] = parseAll(
    () => parseParameters(values, parameters),
    () => parseJsonBody(event, body),
    () => parseNoQuery(event),
  );
  return { callerId, sku: name, idempotencyKey: key, ...receipt };
}
