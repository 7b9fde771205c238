import type { Product } from '../domain/catalogue/index.ts';

/** The catalogue. A product that was once put in stays; its name and price may change. */
export interface Products {
  /** @throws Fault table/unavailable, as every operation here */
  put(product: Product): Promise<void>;
  /** All products, by SKU. */
  list(): Promise<readonly Product[]>;
  /** Those of these SKUs that exist. */
  find(skus: readonly string[]): Promise<ReadonlyMap<string, Product>>;
}
