import * as z from 'zod/mini';
import type { EventOf } from '../../kernel/event.ts';

const orderId = z.uuid();

/** Events of `shipment-<orderId>`. */
export const shipmentEvents = {
  ShipmentCreated: {
    version: 1,
    schema: z.object({
      orderId,
      trackingNumber: z.string(),
      lines: z.readonly(z.array(z.object({ sku: z.string(), quantity: z.int().check(z.minimum(1)) }))),
    }),
  },
  /** Version 1 is of the time when there was one carrier, which nobody had to name. */
  ShipmentDispatched: {
    version: 2,
    schema: z.object({ orderId, trackingNumber: z.string(), carrier: z.string() }),
    upcast: { 1: (data: unknown) => ({ ...(data as object), carrier: 'waybill' }) },
  },
  ShipmentFailed: { version: 1, schema: z.object({ orderId, reason: z.string() }) },
} as const;

export type ShipmentEvent = EventOf<typeof shipmentEvents>;
