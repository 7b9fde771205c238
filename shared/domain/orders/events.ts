import * as z from 'zod/mini';
import { erased } from '../../kernel/erased.ts';
import type { EventOf } from '../../kernel/event.ts';
import { amountMinor, currency } from '../../kernel/money.ts';

const line = z.object({
  sku: z.string(),
  name: z.string(),
  quantity: z.int().check(z.minimum(1)),
  unitPriceMinor: amountMinor,
});

/** Events of `order-<orderId>`. */
export const orderEvents = {
  OrderCreated: {
    version: 2,
    schema: z.object({
      orderId: z.uuid(),
      customerId: z.string(),
      /** Personal data, sealed under the customer's key; nothing else of an order is. */
      recipient: z.string(),
      lines: z.readonly(z.array(line)),
      totalMinor: amountMinor,
      currency,
    }),
    // Orders had no recipient: as if it were erased.
    upcast: { 1: (data: unknown) => ({ ...(data as object), recipient: erased }) },
  },
  OrderConfirmed: { version: 1, schema: z.object({ orderId: z.uuid() }) },
  /** Handed over to shipping: from here on it can't be cancelled. */
  OrderReleased: { version: 1, schema: z.object({ orderId: z.uuid() }) },
  OrderRejected: { version: 1, schema: z.object({ orderId: z.uuid(), reason: z.string() }) },
  OrderCancelled: { version: 1, schema: z.object({ orderId: z.uuid() }) },
  OrderShipped: { version: 1, schema: z.object({ orderId: z.uuid(), trackingNumber: z.string() }) },
} as const;

export type OrderEvent = EventOf<typeof orderEvents>;
export type OrderLine = Readonly<z.infer<typeof line>>;
