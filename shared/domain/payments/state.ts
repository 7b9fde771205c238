import type { PaymentEvent } from './events.ts';

export type Payment =
  | { readonly status: 'none' }
  | { readonly status: 'declined' }
  | {
      readonly status: 'authorized' | 'captured' | 'voided';
      readonly orderId: string;
      readonly authorizationId: string;
      readonly amountMinor: number;
      readonly currency: string;
    };

export const initialState: Payment = { status: 'none' };

export function evolve(payment: Payment, event: PaymentEvent): Payment {
  switch (event.type) {
    case 'PaymentAuthorized':
      return { status: 'authorized', ...event.data };
    case 'PaymentDeclined':
      return { status: 'declined' };
    case 'PaymentCaptured':
      return payment.status === 'authorized' ? { ...payment, status: 'captured' } : payment;
    case 'PaymentVoided':
      return payment.status === 'authorized' ? { ...payment, status: 'voided' } : payment;
  }
  return payment;
}
