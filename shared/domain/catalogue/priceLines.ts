import { type Rejected, rejected } from '../../kernel/decision.ts';
import { totalMinor } from '../../kernel/money.ts';
import type { Product } from './product.ts';

export interface RequestedLine {
  readonly sku: string;
  readonly quantity: number;
}

export interface PricedLine extends RequestedLine {
  readonly name: string;
  readonly unitPriceMinor: number;
}

export interface PricedOrder {
  readonly lines: readonly PricedLine[];
  readonly totalMinor: number;
  readonly currency: string;
}

export type PricingRejection =
  | { readonly code: 'catalogue/unknown-sku'; readonly skus: readonly string[] }
  | { readonly code: 'catalogue/mixed-currencies'; readonly currencies: readonly string[] }
  | { readonly code: 'catalogue/total-too-large' };

export type Pricing = { readonly outcome: 'priced'; readonly order: PricedOrder } | Rejected<PricingRejection>;

/** Prices come from the catalogue; every SKU must be known, all in one currency, the total an exact integer. */
export function priceLines(requested: readonly RequestedLine[], products: ReadonlyMap<string, Product>): Pricing {
  const unknown = requested.filter((line) => !products.has(line.sku)).map((line) => line.sku);
  if (unknown.length > 0) return rejected({ code: 'catalogue/unknown-sku', skus: unknown });

  const found = requested.flatMap((line) => {
    const product = products.get(line.sku);
    return product ? [{ line, product }] : [];
  });
  const [currency, ...others] = [...new Set(found.map(({ product }) => product.currency))];
  if (currency === undefined || others.length > 0) {
    return rejected({ code: 'catalogue/mixed-currencies', currencies: currency ? [currency, ...others] : [] });
  }

  const lines = found.map(({ line, product }) => ({
    ...line,
    name: product.name,
    unitPriceMinor: product.priceMinor,
  }));
  const total = totalMinor(lines);
  if (total === undefined) return rejected({ code: 'catalogue/total-too-large' });
  return { outcome: 'priced', order: { lines, totalMinor: total, currency } };
}
