import * as z from 'zod/mini';
import type { EventOf } from '../../kernel/event.ts';
import { amountMinor, currency } from '../../kernel/money.ts';

const orderId = z.uuid();

/** Events of `payment-<orderId>`. */
export const paymentEvents = {
  PaymentAuthorized: {
    version: 1,
    schema: z.object({ orderId, authorizationId: z.string(), amountMinor, currency }),
  },
  PaymentDeclined: { version: 1, schema: z.object({ orderId, amountMinor, currency, reason: z.string() }) },
  PaymentCaptured: { version: 1, schema: z.object({ orderId, amountMinor, currency }) },
  PaymentVoided: { version: 1, schema: z.object({ orderId, amountMinor, currency }) },
} as const;

export type PaymentEvent = EventOf<typeof paymentEvents>;
