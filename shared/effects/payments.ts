// Way 7/7: effect: request -> the change in the world; once, by the provider's own idempotency key

/** A payment provider. Every call carries a key; the same key again, however late, answers as the first time and moves no money. */
export interface PaymentGateway {
  /**
   * Holds the amount on the customer's account, or says why not.
   *
   * @throws Fault payments/unavailable: it may have been done or not; ask again with the same key. payments/refused: we
   * asked for something that can't be
   */
  authorize(request: AuthorizationRequest): Promise<AuthorizationAnswer>;
  /** Takes the held amount. Faults as `authorize`. */
  capture(request: SettlementRequest): Promise<void>;
  /** Gives the held amount back. Faults as `authorize`. */
  void(request: SettlementRequest): Promise<void>;
}

export interface AuthorizationRequest {
  /** Id of the event that asks for it. */
  readonly key: string;
  /** When that was: nothing can have been asked under the key before. */
  readonly askedAt: Date;
  readonly orderId: string;
  readonly amountMinor: number;
  readonly currency: string;
}

export interface SettlementRequest {
  readonly key: string;
  readonly authorizationId: string;
}

export type AuthorizationAnswer =
  | { readonly status: 'approved'; readonly authorizationId: string }
  /** `reason` is a code, never the provider's words. */
  | { readonly status: 'declined'; readonly reason: string };
