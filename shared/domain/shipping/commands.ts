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
  | { readonly type: 'DispatchShipment' };
