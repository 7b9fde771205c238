/** Each records what the payment provider has answered; the provider is asked before, under the same identity. */
export type PaymentCommand =
  | {
      readonly type: 'RecordAuthorization';
      readonly orderId: string;
      readonly authorizationId: string;
      readonly amountMinor: number;
      readonly currency: string;
    }
  | {
      readonly type: 'RecordDecline';
      readonly orderId: string;
      readonly amountMinor: number;
      readonly currency: string;
      readonly reason: string;
    }
  | { readonly type: 'RecordCapture' }
  | { readonly type: 'RecordVoid' };
