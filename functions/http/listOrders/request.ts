import * as z from 'zod';
import { type Caller, customerId, customerOf } from '../../../shared/http/caller.ts';
import type { HttpEvent } from '../../../shared/http/incoming.ts';
import { parseParameters } from '../../../shared/http/request.ts';
import type { OrderListPlace, OrderListQuery } from '../../../shared/readModels/orderList.ts';

const place = z.tuple([z.uuid(), z.string().min(1).max(100)]);

/** Opaque to callers: where the last page ended. The customer is not in it, so it opens nobody else's list. */
export const toCursor = ({ orderId, placedAt }: OrderListPlace): string =>
  Buffer.from(JSON.stringify([orderId, placedAt])).toString('base64url');

function fromCursor(text: string): OrderListPlace | undefined {
  try {
    const { success, data } = place.safeParse(JSON.parse(Buffer.from(text, 'base64url').toString()));
    if (!success) return undefined;
    const [orderId, placedAt] = data;
    return { orderId, placedAt };
  } catch {
    return undefined;
  }
}

const cursor = z
  .string()
  .max(400)
  .transform((text, { issues, value }) => {
    const found = fromCursor(text);
    if (!found) issues.push({ code: 'custom', input: value, message: 'expected a cursor as a list has answered it' });
    return found ?? z.NEVER;
  });

export const query = z.strictObject({
  customerId: customerId.optional(),
  status: z.enum(['created', 'confirmed', 'rejected', 'cancelled', 'shipped']).optional(),
  limit: z
    .string()
    .regex(/^([1-9]\d?|100)$/, 'expected a whole number from 1 to 100')
    .transform(Number)
    .default(20),
  cursor: cursor.optional(),
});

/** @throws BadRequest */
export function parseRequest(event: HttpEvent, caller: Caller): OrderListQuery {
  const { cursor: after, customerId: named, ...wanted } = parseParameters(event.queryStringParameters ?? {}, query);
  return { ...wanted, customerId: customerOf(caller, named), after };
}
