import { createHttpPayments } from '../../shared/effects/httpPayments.ts';
import type { PaymentGateway } from '../../shared/effects/payments.ts';
import { paymentsUrl, stripeApiKey } from './addresses.ts';
import { configOf, stripeUrl } from './config.ts';

async function createGateway(url: string): Promise<PaymentGateway> {
  if (new URL(url).protocol !== 'stripe:') return createHttpPayments(url);
  // Loading Stripe's client takes longer than all the rest: only who uses it waits for it.
  const { createStripePayments } = await import('../../shared/effects/stripePayments.ts');
  return createStripePayments({
    apiKey: await stripeApiKey(),
    paymentMethod: configOf('STRIPE_PAYMENT_METHOD').STRIPE_PAYMENT_METHOD,
    baseUrl: stripeUrl(),
  });
}

/** The gateway behind `PAYMENTS_URL`: `stripe:` is Stripe, any other address one that speaks our own JSON. */
export const payments = await createGateway(await paymentsUrl());
