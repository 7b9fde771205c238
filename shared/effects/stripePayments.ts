import Stripe from 'stripe';
import { Fault } from '../kernel/fault.ts';
import type { AuthorizationAnswer, PaymentGateway } from './payments.ts';

interface Options {
  readonly apiKey: string;
  /** What is charged: a PaymentMethod's id. */
  readonly paymentMethod: string;
  /** Without one the client finds Stripe. */
  readonly baseUrl?: string | undefined;
  readonly timeoutMs?: number;
}

type Intent = Pick<Stripe.PaymentIntent, 'id' | 'status'>;

const toClientAddress = (baseUrl: string): Pick<Stripe.StripeConfig, 'host' | 'port' | 'protocol'> => {
  const { hostname, port, protocol } = new URL(baseUrl);
  const isPlain = protocol === 'http:';
  return { host: hostname, port: port || (isPlain ? 80 : 443), protocol: isPlain ? 'http' : 'https' };
};

/** Says nothing of the request itself: not reached, not now, not with these credentials, the same is under way. */
const isPassing = (error: Stripe.errors.StripeError): boolean =>
  error.statusCode === undefined || [401, 403, 408, 409, 429].includes(error.statusCode) || error.statusCode >= 500;

/** What went wrong while `doing`; the provider's own words stay in the cause. */
function toFault(error: unknown, doing: string): Fault {
  if (!(error instanceof Stripe.errors.StripeError) || isPassing(error)) {
    const reason = error instanceof Error ? error.message : String(error);
    return new Fault('payments/unavailable', `${doing}: ${reason}`, error);
  }
  return new Fault('payments/refused', `${doing}: ${error.code ?? error.type} (${error.statusCode})`, error);
}

/** In which state a PaymentIntent is that can't do what was asked, where the error says so. */
const stateIn = (error: unknown): string | undefined =>
  error instanceof Stripe.errors.StripeInvalidRequestError && error.code === 'payment_intent_unexpected_state'
    ? (error.payment_intent?.status ?? undefined)
    : undefined;

/**
 * Stripe: a PaymentIntent an order, confirmed at once and captured later; its id is the authorisation's. Stripe remembers
 * an `Idempotency-Key` for at least 24 hours, its answer included, an error too: the order is given up long before that.
 * One attempt a call; when to ask again is the consumer's.
 */
export function createStripePayments({ apiKey, paymentMethod, baseUrl, timeoutMs = 5_000 }: Options): PaymentGateway {
  const stripe = new Stripe(apiKey, {
    maxNetworkRetries: 0,
    timeout: timeoutMs,
    telemetry: false,
    ...(baseUrl ? toClientAddress(baseUrl) : {}),
  });

  /** Capture and cancel: one that stands at `goal` already was done before. */
  const settle = async (doing: string, goal: Intent['status'], act: () => Promise<Intent>): Promise<void> => {
    let status: string;
    try {
      ({ status } = await act());
    } catch (error) {
      const state = stateIn(error);
      if (state === undefined) throw toFault(error, doing);
      status = state;
    }
    if (status === 'processing') throw new Fault('payments/unavailable', `${doing}: still processing`);
    if (status !== goal) throw new Fault('payments/refused', `${doing}: it is ${status}`);
  };

  return {
    async authorize({ key, orderId, amountMinor, currency }): Promise<AuthorizationAnswer> {
      const doing = `authorise order ${orderId}`;
      try {
        const created: Intent = await stripe.paymentIntents.create(
          {
            amount: amountMinor,
            currency: currency.toLowerCase(),
            capture_method: 'manual',
            confirm: true,
            payment_method: paymentMethod,
            allowed_payment_method_types: ['card'],
            // Nobody is there to be asked: a card that wants it is declined.
            off_session: true,
            metadata: { orderId },
          },
          { idempotencyKey: key },
        );
        // The key's answer stays what it was at first; how it went on is told by the intent itself.
        const { id, status } =
          created.status === 'processing' ? await stripe.paymentIntents.retrieve(created.id) : created;
        if (status === 'requires_capture') return { status: 'approved', authorizationId: id };
        if (status === 'processing') throw new Fault('payments/unavailable', `${doing}: still processing`);
        return { status: 'declined', reason: status };
      } catch (error) {
        if (error instanceof Fault) throw error;
        if (!(error instanceof Stripe.errors.StripeCardError)) throw toFault(error, doing);
        return { status: 'declined', reason: error.decline_code ?? error.code ?? 'card_declined' };
      }
    },
    capture: ({ key, authorizationId }) =>
      settle(`capture ${authorizationId}`, 'succeeded', () =>
        stripe.paymentIntents.capture(authorizationId, {}, { idempotencyKey: key }),
      ),
    void: ({ key, authorizationId }) =>
      settle(`void ${authorizationId}`, 'canceled', () =>
        stripe.paymentIntents.cancel(authorizationId, {}, { idempotencyKey: key }),
      ),
  };
}
