export type PaymentRejection =
  /** Capture or void of what was never authorised, or has gone the other way. */
  { readonly code: 'payment/not-authorized'; readonly status: 'none' | 'declined' | 'captured' | 'voided' };
