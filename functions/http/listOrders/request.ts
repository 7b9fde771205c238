import * as z from 'zod/mini';
import { type Caller, customerOf, namedCustomer } from '../../../shared/http/caller.ts';
import type { HttpEvent } from '../../../shared/http/incoming.ts';
import { parseQuery } from '../../../shared/http/request.ts';
import type { OrderListPlace, OrderListQuery } from '../../../shared/readModels/orderList.ts';

const instant = z.iso.datetime();
/** As the table's rows have it: when the order was placed, and its id once more. */
const isPlace = ([orderId, placedAt]: readonly [string, string]): boolean => {
  const [at = '', ...rest] = placedAt.split('/');
  return instant.safeParse(at).success && rest.join('/') === orderId;
};
const place = z.tuple([z.uuid().check(z.lowercase()), z.string()]).check(z.refine(isPlace));

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

const cursor = z.pipe(
  z.string().check(z.maxLength(400)),
  z.transform((text, { issues, value }) => {
    const found = fromCursor(text);
    if (!found) issues.push({ code: 'custom', input: value, message: 'expected a cursor as a list has answered it' });
    return found ?? z.NEVER;
  }),
);

export const query = z.strictObject({
  customerId: z.optional(namedCustomer),
  status: z.optional(z.enum(['created', 'confirmed', 'rejected', 'cancelled', 'shipped'])),
  limit: z._default(
    z.pipe(z.string().check(z.regex(/^([1-9]\d?|100)$/, 'expected a whole number from 1 to 100')), z.transform(Number)),
    20,
  ),
  cursor: z.optional(cursor),
});

/** @throws BadRequest */
export function parseRequest(event: HttpEvent, caller: Caller): OrderListQuery {
  const { cursor: after, customerId: named, ...wanted } = parseQuery(event, query);
  return { ...wanted, customerId: customerOf(caller, named), after };
}
