/** What the API answers, as schemas: strict, so that a test finds every field that is not described. */
import * as z from 'zod/mini';
import { sku } from '../../shared/domain/catalogue/index.ts';
import { erased } from '../../shared/kernel/erased.ts';
import { amountMinor, currency } from '../../shared/kernel/money.ts';

const orderId = z.uuid();
const revision = z.int().check(z.minimum(0), z.meta({ description: 'Of the newest event that is in it; 0-based.' }));
const instant = z.iso.datetime();

/** Wider than what is taken today: orders and products of before are shown as they were stored. */
const recipient = z.strictObject({
  name: z.string(),
  email: z.string(),
  address: z.strictObject({
    line1: z.string(),
    line2: z.optional(z.string()),
    postalCode: z.string(),
    city: z.string(),
    country: z.string(),
  }),
});
export const product = z
  .strictObject({ sku, name: z.string(), priceMinor: amountMinor, currency })
  .check(z.meta({ id: 'Product' }));

const line = z.strictObject({
  sku: z.string(),
  name: z.string(),
  quantity: z.int().check(z.minimum(1)),
  unitPriceMinor: amountMinor,
});

export const order = z
  .strictObject({
    orderId,
    customerId: z.string(),
    recipient: z.union([recipient, z.literal(erased)]),
    status: z.enum(['created', 'confirmed', 'rejected', 'cancelled', 'shipped']),
    reason: z.optional(z.string()).check(
      z.meta({
        description: 'Of a rejection: out-of-stock, payment-declined, payment-timeout or shipping-failed.',
      }),
    ),
    trackingNumber: z.optional(z.string()),
    lines: z.array(line),
    totalMinor: amountMinor,
    currency,
    createdAt: instant,
    updatedAt: instant,
    revision,
  })
  .check(z.meta({ id: 'Order' }));

export const orderPage = z.strictObject({
  orders: z.array(order),
  next: z.optional(z.string()).check(z.meta({ description: 'The next page’s `cursor`; missing on the last page.' })),
});

export const accepted = z.strictObject({ orderId, revision }).check(z.meta({ id: 'AcceptedOrder' }));

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

export const products = z.strictObject({ products: z.array(product) });

export const stock = z
  .strictObject({
    sku,
    onHand: z.int().check(z.minimum(0)),
    reserved: z.int().check(z.minimum(0)),
    available: z.int().check(z.minimum(0)),
    revision,
  })
  .check(z.meta({ id: 'Stock' }));

export const stocks = z.strictObject({ stocks: z.array(stock) });

export const receipt = z.strictObject({ sku, receiptId: z.uuid(), revision });

export const health = z.strictObject({
  status: z.literal('ok'),
  checks: z.record(z.string(), z.literal('ok')),
});

const trouble = z.enum(['failing', 'paused', 'stuck', 'unroutable']);
const count = z.int().check(z.minimum(0));
const position = z.string().check(z.regex(/^\d+$/), z.meta({ description: 'A commit position in the event store.' }));

export const relay = z.strictObject({
  isHealthy: z.boolean(),
  trouble: z.optional(z.enum([...trouble.options, 'absent'])),
  isBehind: z.boolean(),
  owner: z.optional(z.string()),
  fencing: count,
  renewedAt: z.optional(instant),
  position: z.optional(position),
  head: z.optional(position),
  report: z
    .optional(
      z.strictObject({
        state: z.enum(['standby', 'relaying', 'failing', 'stopped']),
        isHealthy: z.boolean(),
        trouble: z.optional(trouble),
        fencing: count,
        handovers: count,
        published: count,
        ratePerSecond: count,
        lagEvents: z.optional(count),
        lagSeconds: z.optional(z.number().check(z.minimum(0))),
        inWindow: count,
        isPaused: z.boolean(),
        failures: count,
        lastError: z.optional(z.strictObject({ code: z.string(), message: z.string(), at: instant })),
        malformed: count,
        lastMalformed: z.optional(z.strictObject({ stream: z.string(), revision: z.string(), reason: z.string() })),
        unrouted: z.optional(count),
        confirmed: z.optional(position),
        head: z.optional(position),
        backlog: z
          .optional(
            z.strictObject({ categories: z.array(z.string()), position: z.optional(position), until: position }),
          )
          .check(z.meta({ description: 'Categories published from their beginning beside the news, and how far.' })),
      }),
    )
    .check(z.meta({ description: 'What the holder of the lease said when it last wrote.' })),
});

const places = z
  .string()
  .check(z.regex(/^(\d+\/\d+|start)$/), z.meta({ description: '`commit/prepare` in the event store, or `start`.' }));
export const rewound = z.strictObject({ from: places, to: places });

const failedAt = z
  .union([instant, z.literal('')])
  .check(z.meta({ description: 'Empty where the broker itself dead-lettered it and does not say.' }));

const deadLetter = {
  id: z.string(),
  consumer: z.string(),
  reason: z.string().check(
    z.meta({
      description:
        'Ours: blocked, quarantined, unreachable or malformed; the broker’s: expired, rejected, maxlen, delivery_limit; else unknown.',
    }),
  ),
  cause: z.string().check(z.meta({ description: 'What `redrive` and `discard` select by.' })),
  code: z.string(),
  error: z.string(),
  attempts: z.int().check(z.minimum(0)),
  firstFailedAt: failedAt,
  lastFailedAt: failedAt,
  body: z.optional(z.string()).check(z.meta({ description: 'Of a message that could not be read: how it begins.' })),
  stream: z.optional(z.string()),
  revision: z.optional(revision),
  head: z.optional(revision),
  waitingEvents: z.optional(z.int().check(z.minimum(0))),
  eventId: z.optional(z.string()),
  type: z.optional(z.string()),
  correlationId: z.optional(z.string()),
};

const causes = z
  .array(
    z.strictObject({
      consumer: z.string(),
      cause: z.string(),
      count: z.int().check(z.minimum(1)),
      firstFailedAt: failedAt,
      lastFailedAt: failedAt,
    }),
  )
  .check(z.meta({ description: 'The hundred most frequent.' }));

export const deadLetters = z.strictObject({
  total: z.int().check(z.minimum(0)),
  isComplete: z.boolean().check(
    z.meta({
      description:
        'False where a consumer has more than one look sees, or with `queueFault`: then `total` is at least so many.',
    }),
  ),
  queueFault: z.optional(z.string()).check(
    z.meta({
      description:
        'Why the queues of dead letters could not be looked into, such as broker/unavailable: blocked streams are told all the same, messages that could not be read are missing.',
    }),
  ),
  causes,
  deadLetters: z.array(z.strictObject(deadLetter).check(z.meta({ id: 'DeadLetter' }))),
});

const outcome = z.enum(['done', 'already', 'remedied-otherwise', 'would-be-done', 'remaining']);

export const remedied = z.strictObject({
  dryRun: z.boolean(),
  matched: z.int().check(z.minimum(0)),
  counts: z.partialRecord(outcome, z.int().check(z.minimum(1))),
  causes,
  again: z.boolean().check(
    z.meta({
      description: 'Whether more is to be done: the same request goes on with it, with `failedBefore` as here.',
    }),
  ),
  failedBefore: instant,
  deadLetters: z
    .array(z.strictObject({ outcome, ...deadLetter }))
    .check(z.meta({ description: 'The first hundred of those that matched; the log names all.' })),
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
    errors: z.optional(z.array(z.strictObject({ field: z.string(), message: z.string() }))),
  })
  .check(z.meta({ id: 'Problem' }));
