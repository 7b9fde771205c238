import * as z from 'zod/mini';
import { sku } from '../../../shared/domain/catalogue/index.ts';
import { type Caller, customerOf, namedCustomer } from '../../../shared/http/caller.ts';
import { type HttpEvent, headerOf } from '../../../shared/http/incoming.ts';
import {
  idempotencyKey,
  parseAll,
  parseJsonBody,
  parseNoQuery,
  parseParameters,
} from '../../../shared/http/request.ts';
import { recipient } from '../../../shared/personal/recipient.ts';

const line = z.strictObject({ sku, quantity: z.int().check(z.minimum(1), z.maximum(1_000_000)) });

const lines = z.array(line).check(z.minLength(1), z.maxLength(100, { abort: true }), ({ value, issues }) => {
  const first = new Map<string, number>();
  for (const [index, { sku: name }] of value.entries()) {
    const before = first.get(name);
    if (before === undefined) first.set(name, index);
    else issues.push({ code: 'custom', input: value, path: [index, 'sku'], message: `same SKU as line ${before}` });
  }
});

export const body = z.strictObject({
  customerId: z.optional(namedCustomer),
  recipient,
  lines,
});
export const headers = z.object({ 'Idempotency-Key': idempotencyKey });

export interface PlaceOrderRequest {
  readonly customerId: string;
  readonly recipient: z.infer<typeof recipient>;
  readonly lines: z.infer<typeof lines>;
  readonly idempotencyKey: string;
}

/** @throws BadRequest */
export function parseRequest(event: HttpEvent, caller: Caller): PlaceOrderRequest {
  const [{ 'Idempotency-Key': key }, { customerId: named, ...order }] = parseAll(
    () => parseParameters({ 'Idempotency-Key': headerOf(event, 'idempotency-key') }, headers),
    () => parseJsonBody(event, body),
    () => parseNoQuery(event),
  );
  return { ...order, customerId: customerOf(caller, named), idempotencyKey: key };
}
