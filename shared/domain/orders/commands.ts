import type { OrderLine } from './events.ts';

export interface CreateOrder {
  readonly type: 'CreateOrder';
  readonly orderId: string;
  readonly customerId: string;
  /** Sealed. */
  readonly recipient: string;
  readonly lines: readonly OrderLine[];
  readonly totalMinor: number;
  readonly currency: string;
}

export type OrderCommand =
  | CreateOrder
  | { readonly type: 'ConfirmOrder' }
  | { readonly type: 'ReleaseOrder' }
  | { readonly type: 'RejectOrder'; readonly reason: string }
  | { readonly type: 'CancelOrder' }
  | { readonly type: 'ShipOrder'; readonly trackingNumber: string };
