export type OrderRejection =
  | { readonly code: 'order/not-found' }
  /** The idempotency key was used before, for something else. */
  | { readonly code: 'order/key-reused' }
  | { readonly code: 'order/too-late-to-cancel'; readonly orderStatus: 'released' | 'shipped' | 'rejected' };
