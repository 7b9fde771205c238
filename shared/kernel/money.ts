import * as z from 'zod/mini';

/** An amount in the currency's minor unit (cents): an integer, so that sums are exact. */
export const amountMinor = z.int().check(z.minimum(0), z.maximum(Number.MAX_SAFE_INTEGER));
const notIso4217 = 'expected an ISO 4217 code such as EUR';
/** In the form of an ISO 4217 alphabetic code: what is stored may be none. */
export const currency = z.string().check(z.regex(/^[A-Z]{3}$/, { error: notIso4217, abort: true }));

const currencies: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));
/** ISO 4217 alphabetic code of money that is in use. */
export const knownCurrency = currency.check(z.refine((code) => currencies.has(code), notIso4217));

/** The exact total of lines of one currency; undefined when it is too large to be exact. */
export function totalMinor(lines: readonly { readonly quantity: number; readonly unitPriceMinor: number }[]) {
  const total = lines.reduce((sum, line) => sum + line.quantity * line.unitPriceMinor, 0);
  return Number.isSafeInteger(total) ? total : undefined;
}

/** As a person reads it: in major units, with as many places as the currency has. */
export function toAmount(minor: number, currency: string): string {
  const { maximumFractionDigits: places = 2 } = new Intl.NumberFormat('en', {
    style: 'currency',
    currency,
  }).resolvedOptions();
  const format = new Intl.NumberFormat('en', { minimumFractionDigits: places, maximumFractionDigits: places });
  return `${format.format(minor / 10 ** places)} ${currency}`;
}
