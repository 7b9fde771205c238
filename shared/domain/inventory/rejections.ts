export type StockRejection =
  /** The receipt's key was used before, with another quantity. */
  { readonly code: 'stock/key-reused' };
