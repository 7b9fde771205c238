import * as z from 'zod';
import type { EventOf } from '../../kernel/event.ts';

const orderId = z.uuid();

/** Events of `shipment-<orderId>`. */
export const shipmentEvents = {
  ShipmentCreated: {
    version: 1,
    schema: z.object({
      orderId,
      trackingNumber: z.string(),
      lines: z.array(z.object({ sku: z.string(), quantity: z.int().min(1) })).readonly(),
    }),
  },
  ShipmentDispatched: { version: 1, schema: z.object({ orderId, trackingNumber: z.string() }) },
} as const;

export type ShipmentEvent = EventOf<typeof shipmentEvents>;
