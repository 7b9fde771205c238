import * as z from 'zod/mini';
import type { EventOf } from '../../kernel/event.ts';
import { amountMinor, currency } from '../../kernel/money.ts';

const orderId = z.uuid();
const order = z.object({ orderId });
const line = z.object({ sku: z.string(), quantity: z.int().check(z.minimum(1)) });
const ofLine = z.extend(line, { orderId });

/**
 * Events of `fulfilment-<orderId>`: what the process manager was told, and what it asks of others. A `...Requested` is
 * work for exactly one context; `...Accepted`, `...Declined` and `...Completed` are the answers it noted.
 */
export const fulfilmentEvents = {
  FulfilmentStarted: {
    version: 1,
    schema: z.object({ orderId, lines: z.readonly(z.array(line)), totalMinor: amountMinor, currency }),
  },

  StockReservationRequested: { version: 1, schema: ofLine },
  StockReservationAccepted: { version: 1, schema: ofLine },
  StockReservationDeclined: { version: 1, schema: z.extend(ofLine, { available: z.int().check(z.minimum(0)) }) },
  StockReleaseRequested: { version: 1, schema: ofLine },
  StockReleaseCompleted: { version: 1, schema: ofLine },
  StockDispatchRequested: { version: 1, schema: ofLine },
  StockDispatchCompleted: { version: 1, schema: ofLine },

  PaymentAuthorizationRequested: { version: 1, schema: z.object({ orderId, amountMinor, currency }) },
  PaymentAuthorizationAccepted: { version: 1, schema: order },
  PaymentAuthorizationDeclined: { version: 1, schema: z.object({ orderId, reason: z.string() }) },
  /** Nobody answered in time. The answer may still come: the payment stays asked for, and what it brings is given back. */
  PaymentAuthorizationTimedOut: { version: 1, schema: order },
  PaymentCaptureRequested: { version: 1, schema: order },
  PaymentCaptureCompleted: { version: 1, schema: order },
  PaymentVoidRequested: { version: 1, schema: order },
  PaymentVoidCompleted: { version: 1, schema: order },

  OrderConfirmationRequested: { version: 1, schema: order },
  OrderConfirmationCompleted: { version: 1, schema: order },
  OrderReleaseRequested: { version: 1, schema: order },
  OrderReleaseCompleted: { version: 1, schema: order },
  OrderRejectionRequested: { version: 1, schema: z.object({ orderId, reason: z.string() }) },
  OrderRejectionCompleted: { version: 1, schema: order },
  /** The customer cancelled; nobody was asked. */
  OrderCancellationNoted: { version: 1, schema: order },
  OrderShippingRequested: { version: 1, schema: z.object({ orderId, trackingNumber: z.string() }) },
  OrderShippingCompleted: { version: 1, schema: order },

  ShipmentRequested: { version: 1, schema: z.object({ orderId, lines: z.readonly(z.array(line)) }) },
  ShipmentCompleted: { version: 1, schema: z.object({ orderId, trackingNumber: z.string() }) },
  ShipmentDeclined: { version: 1, schema: z.object({ orderId, reason: z.string() }) },

  FulfilmentCompleted: {
    version: 1,
    schema: z.object({ orderId, outcome: z.enum(['shipped', 'rejected', 'cancelled']) }),
  },
} as const;

export type FulfilmentEvent = EventOf<typeof fulfilmentEvents>;
type Named<Suffix extends string> = Extract<FulfilmentEvent, { type: `${string}${Suffix}` }>;

/** Work for another context. */
export type FulfilmentRequest = Named<'Requested'>;
/** News for the process manager, under the event it is noted as. */
export type FulfilmentFact = Exclude<FulfilmentEvent, FulfilmentRequest | { type: 'FulfilmentCompleted' }>;
