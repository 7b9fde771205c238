import * as z from 'zod/mini';
import { textLine } from '../kernel/text.ts';

const address = z.strictObject({
  line1: textLine(200),
  line2: z.optional(textLine(200)),
  postalCode: textLine(20),
  city: textLine(100),
  /** ISO 3166-1 alpha-2. */
  country: z.string().check(z.regex(/^[A-Z]{2}$/, 'expected an ISO 3166-1 code of two letters such as DE')),
});

/** Who gets an order's parcel and mails: the personal data of an order, all of it, and nothing that is none. */
export const recipient = z.strictObject({
  name: textLine(200),
  email: z.string().check(z.maxLength(254, { abort: true }), z.email()),
  address,
});

export type Recipient = Readonly<z.infer<typeof recipient>>;
