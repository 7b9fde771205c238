import type { Recipient } from '../personal/recipient.ts';

/**
 * Hands one order's parcel to the carrier, or learns why the carrier does not take it. The same key again answers as the
 * first time and sends no second parcel.
 *
 * @throws Fault parcels/unavailable: it may have been taken or not; ask again with the same key. parcels/refused: we
 * asked for something that can't be
 */
export type SendParcel = (parcel: Parcel) => Promise<ParcelAnswer>;

export interface Parcel {
  /** Id of the event that asks for it. */
  readonly key: string;
  readonly orderId: string;
  readonly recipient: { readonly name: string; readonly address: Recipient['address'] };
  readonly lines: readonly { readonly sku: string; readonly quantity: number }[];
}

export type ParcelAnswer =
  | { readonly status: 'taken'; readonly carrier: string; readonly trackingNumber: string }
  /** `reason` is a code, never the carrier's words. */
  | { readonly status: 'declined'; readonly reason: string };
