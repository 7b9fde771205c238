import * as z from 'zod/mini';
import type { EventOf } from '../../kernel/event.ts';

const quantity = z.int().check(z.minimum(1));
const forOrder = z.object({ sku: z.string(), orderId: z.uuid(), quantity });

/** Events of `stock-<sku>`. */
export const stockEvents = {
  StockReceived: { version: 1, schema: z.object({ sku: z.string(), receiptId: z.uuid(), quantity }) },
  StockReserved: { version: 1, schema: forOrder },
  StockReservationRefused: { version: 1, schema: z.extend(forOrder, { available: z.int().check(z.minimum(0)) }) },
  StockReleased: { version: 1, schema: forOrder },
  /** Left the warehouse. */
  StockDispatched: { version: 1, schema: forOrder },
} as const;

export type StockEvent = EventOf<typeof stockEvents>;
