import * as z from 'zod/mini';
import { amountMinor, knownCurrency } from '../../kernel/money.ts';
import { textLine } from '../../kernel/text.ts';

/** A SKU names a product and, behind `stock-`, a stream: letters, digits, dot, underscore and dash, at most 64. */
export const sku = z
  .string()
  .check(z.regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/, 'expected 1 to 64 of A-Z a-z 0-9 . _ -'));

/** As it is taken. One that was stored earlier may have any name, and a currency that there is not. */
export const product = z.strictObject({
  sku,
  name: textLine(200),
  priceMinor: amountMinor,
  currency: knownCurrency,
});

export type Product = Readonly<z.infer<typeof product>>;
