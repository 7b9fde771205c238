import { createHttpPayments } from '../../shared/effects/httpPayments.ts';
import { createLoggedEffects } from '../../shared/effects/loggedEffects.ts';
import type { PaymentGateway } from '../../shared/effects/payments.ts';
import { systemClock } from '../../shared/kernel/clock.ts';
import { paymentsUrl, stripeApiKey } from './addresses.ts';
import { configOf, loggerFor, stripeUrl } from './config.ts';

async function createGateway(url: string): Promise<PaymentGateway> {
  if (new URL(url).protocol !== 'stripe:') return createHttpPayments(url);
  // Loading Stripe's client takes longer than all the rest: only who uses it waits for it.
  const { createStripePayments } = await import('../../shared/effects/stripePayments.ts');
  return createStripePayments({
    apiKey: await stripeApiKey(),
    paymentMethod: configOf('STRIPE_PAYMENT_METHOD').STRIPE_PAYMENT_METHOD,
    baseUrl: stripeUrl(),
    clock: systemClock,
  });
}

const gateway = await createGateway(await paymentsUrl());

/** The gateway behind `PAYMENTS_URL`: `stripe:` is Stripe, any other address one that speaks our own JSON. What it is
 * asked is logged under the function's name. */
export const paymentsFor = (service: string): PaymentGateway =>
  createLoggedEffects(gateway, 'payments', { logger: loggerFor(service), clock: systemClock });
