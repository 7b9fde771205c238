import { createHttpPayments } from '../../shared/effects/httpPayments.ts';
import type { PaymentGateway } from '../../shared/effects/payments.ts';
import { createStripePayments } from '../../shared/effects/stripePayments.ts';
import { configOf, stripeUrl } from './config.ts';

const createGateway = (url: string): PaymentGateway => {
  if (new URL(url).protocol !== 'stripe:') return createHttpPayments(url);
  const { STRIPE_API_KEY, STRIPE_PAYMENT_METHOD } = configOf('STRIPE_API_KEY', 'STRIPE_PAYMENT_METHOD');
  return createStripePayments({
    apiKey: STRIPE_API_KEY,
    paymentMethod: STRIPE_PAYMENT_METHOD,
    baseUrl: stripeUrl(),
  });
};

/** The gateway behind `PAYMENTS_URL`: `stripe:` is Stripe, any other address one that speaks our own JSON. */
export const payments = createGateway(configOf('PAYMENTS_URL').PAYMENTS_URL);
