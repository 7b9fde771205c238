import * as z from 'zod/mini';

/** One line of print: no control characters, which mail and labels would take for more than text. */
const text = (maxLength: number) =>
  z.string().check(z.maxLength(maxLength), z.regex(/^[^\p{Cc}]*\S[^\p{Cc}]*$/u, 'expected text in one line'));

const address = z.strictObject({
  line1: text(200),
  line2: z.optional(text(200)),
  postalCode: text(20),
  city: text(100),
  /** ISO 3166-1 alpha-2. */
  country: z.string().check(z.regex(/^[A-Z]{2}$/, 'expected an ISO 3166-1 code of two letters such as DE')),
});

/** Who gets an order's parcel and mails: the personal data of an order, all of it, and nothing that is none. */
export const recipient = z.strictObject({ name: text(200), email: z.email().check(z.maxLength(254)), address });

export type Recipient = Readonly<z.infer<typeof recipient>>;
