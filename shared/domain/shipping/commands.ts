export interface ShipmentLine {
  readonly sku: string;
  readonly quantity: number;
}

export type ShipmentCommand =
  | {
      readonly type: 'CreateShipment';
      readonly orderId: string;
      readonly trackingNumber: string;
      readonly lines: readonly ShipmentLine[];
    }
  | { readonly type: 'DispatchShipment'; readonly carrier: string }
  /** The carrier does not take the parcel. */
  | { readonly type: 'FailShipment'; readonly orderId: string; readonly reason: string };
