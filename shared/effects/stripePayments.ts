import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import Stripe from 'stripe';
import type { Clock } from '../kernel/clock.ts';
import { Fault } from '../kernel/fault.ts';
import { declineCode } from './answers.ts';
import type { AuthorizationAnswer, AuthorizationRequest, PaymentGateway } from './payments.ts';

interface Options {
  readonly apiKey: string;
  /** What is charged: a PaymentMethod's id. */
  readonly paymentMethod: string;
  /** Without one the client finds Stripe. */
  readonly baseUrl?: string | undefined;
  readonly timeoutMs?: number;
  readonly clock: Pick<Clock, 'now'>;
}

type Intent = Pick<Stripe.PaymentIntent, 'id' | 'status' | 'last_payment_error'>;

/** Stripe remembers a key for 24 hours at least. Its search can lag an hour behind, so it is asked well before that. */
const rememberedMs = 20 * 3_600_000;

/** No card is at fault, and no repeat helps: too little or too much for Stripe in this currency. */
const isImpossibleAmount = (error: unknown): error is Stripe.errors.StripeError =>
  error instanceof Stripe.errors.StripeError &&
  (error.code === 'amount_too_small' || error.code === 'amount_too_large');

const toClientAddress = (baseUrl: string): Pick<Stripe.StripeConfig, 'host' | 'port' | 'protocol'> => {
  const { hostname, port, protocol } = new URL(baseUrl);
  const isPlain = protocol === 'http:';
  return { host: hostname, port: port || (isPlain ? 80 : 443), protocol: isPlain ? 'http' : 'https' };
};

/** Says nothing of the request itself: not reached, not now, not with these credentials, the same is under way. */
const isPassing = (error: Stripe.errors.StripeError): boolean =>
  error.statusCode === undefined || [401, 403, 408, 409, 429].includes(error.statusCode) || error.statusCode >= 500;

/** The order's money is held, or was taken already. */
const isHeld = (status: string): boolean => status === 'requires_capture' || status === 'succeeded';

/** What went wrong while `doing`. Where Stripe has answered, its own words, which quote what they are about, stay in the cause. */
function toFault(error: unknown, doing: string): Fault {
  if (!(error instanceof Stripe.errors.StripeError) || error.statusCode === undefined) {
    const reason = error instanceof Error ? error.message : String(error);
    return new Fault('payments/unavailable', `${doing}: ${reason}`, error);
  }
  const code = isPassing(error) ? 'payments/unavailable' : 'payments/refused';
  return new Fault(code, `${doing}: ${error.code ?? error.type} (${error.statusCode})`, error);
}

/** In which state a PaymentIntent is that can't do what was asked, where the error says so. */
const stateIn = (error: unknown): string | undefined =>
  error instanceof Stripe.errors.StripeInvalidRequestError && error.code === 'payment_intent_unexpected_state'
    ? (error.payment_intent?.status ?? undefined)
    : undefined;

/**
 * Stripe: a PaymentIntent an order, confirmed at once and captured later; its id is the authorisation's. Stripe remembers
 * an `Idempotency-Key` for at least 24 hours, its answer included, an error too. Who asks later than that (a dead letter that
 * is redriven after a weekend) is answered by the order's PaymentIntent, where there is one. Captures and voids need no
 * memory: a PaymentIntent has one state. One attempt a call; when to ask again is the consumer's.
 *
 * Sources: docs.stripe.com/api/idempotent_requests, docs.stripe.com/api/payment_intents/search
 */
export function createStripePayments(options: Options): PaymentGateway {
  const { apiKey, paymentMethod, baseUrl, timeoutMs = 5_000, clock } = options;
  const address = baseUrl ? toClientAddress(baseUrl) : undefined;
  const stripe = new Stripe(apiKey, {
    maxNetworkRetries: 0,
    timeout: timeoutMs,
    telemetry: false,
    // A connection for each request: one that is kept may be dead after a freeze (docs/decisions/0016-connections-after-a-freeze.md).
    httpAgent: address?.protocol === 'http' ? new HttpAgent() : new HttpsAgent(),
    ...address,
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

  const create = ({ key, orderId, amountMinor, currency }: AuthorizationRequest): Promise<Intent> =>
    stripe.paymentIntents.create(
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

  /** The order's PaymentIntent from before; the one that holds its money, if there should be several. */
  async function find(orderId: string): Promise<Intent | undefined> {
    const { data } = await stripe.paymentIntents.search({ query: `metadata['orderId']:'${orderId}'`, limit: 100 });
    const found: readonly Intent[] = data;
    return (
      found.find(({ status }) => isHeld(status)) ?? found.find(({ status }) => status === 'processing') ?? found[0]
    );
  }

  async function toAnswer(intent: Intent, doing: string): Promise<AuthorizationAnswer> {
    // The key's answer stays what it was at first; how it went on is told by the intent itself.
    const current: Intent = intent.status === 'processing' ? await stripe.paymentIntents.retrieve(intent.id) : intent;
    const { id, status, last_payment_error: error } = current;
    if (isHeld(status)) return { status: 'approved', authorizationId: id };
    if (status === 'processing') throw new Fault('payments/unavailable', `${doing}: still processing`);
    return { status: 'declined', reason: declineCode.parse(error?.decline_code ?? error?.code ?? status) };
  }

  return {
    async authorize(request): Promise<AuthorizationAnswer> {
      const doing = `authorise order ${request.orderId}`;
      const isForgotten = clock.now().getTime() - request.askedAt.getTime() > rememberedMs;
      try {
        const known = isForgotten ? await find(request.orderId) : undefined;
        return await toAnswer(known ?? (await create(request)), doing);
      } catch (error) {
        if (error instanceof Fault) throw error;
        if (!(error instanceof Stripe.errors.StripeCardError) && !isImpossibleAmount(error))
          throw toFault(error, doing);
        return { status: 'declined', reason: declineCode.parse(error.decline_code ?? error.code) };
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
