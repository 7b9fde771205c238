/** What the API answers, as schemas: strict, so that a test finds every field that is not described. */
import * as z from 'zod';
import { product, sku } from '../../shared/domain/catalogue/index.ts';
import { erased } from '../../shared/kernel/erased.ts';
import { amountMinor, currency } from '../../shared/kernel/money.ts';
import { recipient } from '../../shared/personal/recipient.ts';

const orderId = z.uuid();
const revision = z.int().min(0).meta({ description: 'Of the newest event that is in it; 0-based.' });
const instant = z.iso.datetime();

const line = z.strictObject({
  sku: z.string(),
  name: z.string(),
  quantity: z.int().min(1),
  unitPriceMinor: amountMinor,
});

export const order = z
  .strictObject({
    orderId,
    customerId: z.string(),
    recipient: z.union([recipient, z.literal(erased)]),
    status: z.enum(['created', 'confirmed', 'rejected', 'cancelled', 'shipped']),
    reason: z.string().optional().meta({
      description: 'Of a rejection: out-of-stock, payment-declined, payment-timeout or shipping-failed.',
    }),
    trackingNumber: z.string().optional(),
    lines: z.array(line),
    totalMinor: amountMinor,
    currency,
    createdAt: instant,
    updatedAt: instant,
    revision,
  })
  .meta({ id: 'Order' });

export const orderPage = z.strictObject({
  orders: z.array(order),
  next: z.string().optional().meta({ description: 'The next page’s `cursor`; missing on the last page.' }),
});

export const accepted = z.strictObject({ orderId, revision }).meta({ id: 'AcceptedOrder' });

export const orderEvents = z.strictObject({
  orderId,
  events: z.array(
    z.strictObject({
      id: z.uuid(),
      type: z.string(),
      revision,
      data: z.record(z.string(), z.unknown()),
      occurredAt: instant,
      correlationId: z.string(),
      causationId: z.string(),
      actor: z.string(),
    }),
  ),
});

export const products = z.strictObject({ products: z.array(product.meta({ id: 'Product' })) });

export const stock = z
  .strictObject({
    sku,
    onHand: z.int().min(0),
    reserved: z.int().min(0),
    available: z.int().min(0),
    revision,
  })
  .meta({ id: 'Stock' });

export const stocks = z.strictObject({ stocks: z.array(stock) });

export const receipt = z.strictObject({ sku, receiptId: z.uuid(), revision });

export const health = z.strictObject({
  status: z.enum(['ok', 'down']),
  checks: z.record(z.string(), z.enum(['ok', 'down'])),
});

const trouble = z.enum(['failing', 'paused', 'stuck', 'unroutable']);
const count = z.int().min(0);
const position = z.string().regex(/^\d+$/).meta({ description: 'A commit position in the event store.' });

export const relay = z.strictObject({
  isHealthy: z.boolean(),
  trouble: z.enum([...trouble.options, 'absent']).optional(),
  isBehind: z.boolean(),
  owner: z.string().optional(),
  fencing: count,
  renewedAt: instant.optional(),
  position: position.optional(),
  head: position.optional(),
  report: z
    .strictObject({
      state: z.enum(['standby', 'relaying', 'failing', 'stopped']),
      isHealthy: z.boolean(),
      trouble: trouble.optional(),
      fencing: count,
      handovers: count,
      published: count,
      ratePerSecond: count,
      lagEvents: count.optional(),
      lagSeconds: z.number().min(0).optional(),
      inWindow: count,
      isPaused: z.boolean(),
      failures: count,
      lastError: z.strictObject({ code: z.string(), message: z.string(), at: instant }).optional(),
      malformed: count,
      lastMalformed: z.strictObject({ stream: z.string(), revision: z.string(), reason: z.string() }).optional(),
      unrouted: count.optional(),
      confirmed: position.optional(),
      head: position.optional(),
    })
    .optional()
    .meta({ description: 'What the holder of the lease said when it last wrote.' }),
});

const deadLetter = {
  id: z.string(),
  consumer: z.string(),
  reason: z.enum(['blocked', 'quarantined', 'unreachable', 'malformed']),
  cause: z.string().meta({ description: 'What `redrive` and `discard` select by.' }),
  code: z.string(),
  error: z.string(),
  attempts: z.int().min(0),
  firstFailedAt: instant,
  lastFailedAt: instant,
  body: z.string().optional().meta({ description: 'Of a message that could not be read: how it begins.' }),
  stream: z.string().optional(),
  revision: revision.optional(),
  head: revision.optional(),
  waitingEvents: z.int().min(0).optional(),
  eventId: z.string().optional(),
  type: z.string().optional(),
  correlationId: z.string().optional(),
};

export const deadLetters = z.strictObject({
  total: z.int().min(0),
  causes: z.array(
    z.strictObject({
      consumer: z.string(),
      cause: z.string(),
      count: z.int().min(1),
      firstFailedAt: instant,
      lastFailedAt: instant,
    }),
  ),
  deadLetters: z.array(z.strictObject(deadLetter).meta({ id: 'DeadLetter' })),
});

const outcome = z.enum(['done', 'already', 'remedied-otherwise', 'would-be-done', 'remaining']);

export const remedied = z.strictObject({
  dryRun: z.boolean(),
  matched: z.int().min(0),
  counts: z.partialRecord(outcome, z.int().min(1)),
  deadLetters: z.array(z.strictObject({ outcome, ...deadLetter })),
});

/** RFC 9457; `code` is in docs/errors.md, which also says which further members come with it. */
export const problem = z
  .looseObject({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    code: z.string(),
    detail: z.string(),
    correlationId: z.string(),
    errors: z.array(z.strictObject({ field: z.string(), message: z.string() })).optional(),
  })
  .meta({ id: 'Problem' });
