export type LineStatus =
  | 'open'
  | 'requested'
  | 'accepted'
  | 'declined'
  | 'release-requested'
  | 'released'
  | 'dispatch-requested'
  | 'dispatched';

export type PaymentStatus =
  | 'open'
  | 'requested'
  | 'authorized'
  | 'declined'
  | 'capture-requested'
  | 'captured'
  | 'void-requested'
  | 'voided';

export type OrderStatus =
  | 'created'
  | 'confirmation-requested'
  | 'confirmed'
  | 'release-requested'
  | 'released'
  | 'shipping-requested'
  | 'shipped'
  | 'rejection-requested'
  | 'rejected'
  | 'cancelled';

export type ShipmentStatus = 'open' | 'requested' | 'dispatched' | 'declined';

export interface FulfilmentLine {
  readonly sku: string;
  readonly quantity: number;
  readonly status: LineStatus;
}

/** What the process manager wants now; it turns from shipping to one of the others once, never back. */
export type Goal =
  | { readonly kind: 'ship' }
  | {
      readonly kind: 'reject';
      readonly reason: 'out-of-stock' | 'payment-declined' | 'payment-timeout' | 'shipping-failed';
    }
  | { readonly kind: 'cancel' };

export interface ActiveFulfilment {
  readonly status: 'active';
  readonly orderId: string;
  readonly totalMinor: number;
  readonly currency: string;
  readonly goal: Goal;
  readonly lines: readonly FulfilmentLine[];
  readonly payment: PaymentStatus;
  readonly order: OrderStatus;
  readonly shipment: ShipmentStatus;
  readonly trackingNumber: string;
}

/** How one order stands with each of the others. */
export type Fulfilment = { readonly status: 'none' } | ActiveFulfilment | { readonly status: 'completed' };

export const initialState: Fulfilment = { status: 'none' };
