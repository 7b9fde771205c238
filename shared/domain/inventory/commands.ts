export interface ReceiveStock {
  readonly type: 'ReceiveStock';
  readonly sku: string;
  readonly receiptId: string;
  readonly quantity: number;
}

export type StockCommand =
  | { readonly type: 'ReserveStock'; readonly sku: string; readonly orderId: string; readonly quantity: number }
  | { readonly type: 'ReleaseStock'; readonly sku: string; readonly orderId: string }
  | { readonly type: 'DispatchStock'; readonly sku: string; readonly orderId: string };
