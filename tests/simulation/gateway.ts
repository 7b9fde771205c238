import type { AuthorizationAnswer, PaymentGateway } from '../../shared/effects/payments.ts';
import { Fault } from '../../shared/kernel/fault.ts';
import type { Hazard } from './hazard.ts';

interface Effect {
  readonly kind: 'authorized' | 'captured' | 'voided';
  readonly orderId: string;
  readonly amountMinor: number;
}

/** How often an amount that ends in 99 has to be asked for until the answer arrives. */
const silentAsks = 4;

/** A payment provider in memory: once per key, declining amounts that end in 13, slow with those that end in 99. */
export function createGateway() {
  const answers = new Map<string, unknown>();
  const effects: Effect[] = [];
  const asks = new Map<string, number>();
  const amounts = new Map<string, number>();
  const settle = (kind: Effect['kind'], orderId: string): void =>
    void effects.push({ kind, orderId, amountMinor: amounts.get(orderId) ?? 0 });
  const once = async <Answer>(key: string, act: () => Answer): Promise<Answer> => {
    if (!answers.has(key)) answers.set(key, act());
    return answers.get(key) as Answer;
  };
  return {
    effects,
    behind: (hazard: () => Hazard): PaymentGateway => ({
      authorize: ({ key, orderId, amountMinor }) =>
        hazard().meet('payments/unavailable', async () => {
          const answer = await once(key, (): AuthorizationAnswer => {
            if (amountMinor % 100 === 13) return { status: 'declined', reason: 'insufficient-funds' };
            amounts.set(orderId, amountMinor);
            settle('authorized', orderId);
            return { status: 'approved', authorizationId: orderId };
          });
          const asked = (asks.get(key) ?? 0) + 1;
          asks.set(key, asked);
          const isSilent = amountMinor % 100 === 99 && asked < silentAsks;
          if (isSilent) throw new Fault('payments/unavailable', 'the answer does not arrive');
          return answer;
        }),
      capture: ({ key, authorizationId }) =>
        hazard().meet('payments/unavailable', () => once(key, () => settle('captured', authorizationId))),
      void: ({ key, authorizationId }) =>
        hazard().meet('payments/unavailable', () => once(key, () => settle('voided', authorizationId))),
    }),
  };
}
