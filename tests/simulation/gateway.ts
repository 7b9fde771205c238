import type { AuthorizationAnswer, PaymentGateway } from '../../shared/effects/payments.ts';
import type { Hazard } from './hazard.ts';

interface Effect {
  readonly kind: 'authorized' | 'captured' | 'voided';
  readonly orderId: string;
}

/** A payment provider in memory: once per key, declining amounts that end in 13. */
export function createGateway() {
  const answers = new Map<string, unknown>();
  const effects: Effect[] = [];
  const once = async <Answer>(key: string, act: () => Answer): Promise<Answer> => {
    if (!answers.has(key)) answers.set(key, act());
    return answers.get(key) as Answer;
  };
  return {
    effects,
    behind: (hazard: () => Hazard): PaymentGateway => ({
      authorize: ({ key, orderId, amountMinor }) =>
        hazard().meet('payments/unavailable', () =>
          once(key, (): AuthorizationAnswer => {
            if (amountMinor % 100 === 13) return { status: 'declined', reason: 'insufficient funds' };
            effects.push({ kind: 'authorized', orderId });
            return { status: 'approved', authorizationId: orderId };
          }),
        ),
      capture: ({ key, authorizationId }) =>
        hazard().meet('payments/unavailable', () =>
          once(key, () => void effects.push({ kind: 'captured', orderId: authorizationId })),
        ),
      void: ({ key, authorizationId }) =>
        hazard().meet('payments/unavailable', () =>
          once(key, () => void effects.push({ kind: 'voided', orderId: authorizationId })),
        ),
    }),
  };
}
