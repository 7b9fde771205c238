import { accepted, type Decider, type Decision, rejected } from '../../kernel/decision.ts';
import type { PaymentCommand } from './commands.ts';
import type { PaymentEvent } from './events.ts';
import type { PaymentRejection } from './rejections.ts';
import { evolve, initialState, type Payment } from './state.ts';

type PaymentDecision = Decision<PaymentEvent, PaymentRejection>;

/** An authorised payment is captured or voided, once, and never both. */
function settle(payment: Payment, to: 'captured' | 'voided'): PaymentDecision {
  if (payment.status === to) return accepted();
  if (payment.status !== 'authorized') return rejected({ code: 'payment/not-authorized', status: payment.status });
  const { orderId, amountMinor, currency } = payment;
  const type = to === 'captured' ? 'PaymentCaptured' : 'PaymentVoided';
  return accepted({ type, data: { orderId, amountMinor, currency } });
}

function decide(command: PaymentCommand, payment: Payment): PaymentDecision {
  switch (command.type) {
    case 'RecordAuthorization': {
      const { type: _, ...data } = command;
      return payment.status === 'none' ? accepted({ type: 'PaymentAuthorized', data }) : accepted();
    }
    case 'RecordDecline': {
      const { type: _, ...data } = command;
      return payment.status === 'none' ? accepted({ type: 'PaymentDeclined', data }) : accepted();
    }
    case 'RecordCapture':
      return settle(payment, 'captured');
    case 'RecordVoid':
      return settle(payment, 'voided');
  }
}

export const paymentDecider: Decider<Payment, PaymentCommand, PaymentEvent, PaymentRejection> = {
  initialState,
  evolve,
  decide,
};
