import { createHttpPayments } from '../../shared/effects/httpPayments.ts';
import { createLoggedEffects } from '../../shared/effects/loggedEffects.ts';
import type { PaymentGateway } from '../../shared/effects/payments.ts';
import { systemClock } from '../../shared/kernel/clock.ts';
import { configOf, loggerFor } from './config.ts';

/** What it is asked is logged under the function's name. */
export const paymentsFor = (service: string): PaymentGateway =>
  createLoggedEffects(createHttpPayments(configOf('PAYMENTS_URL').PAYMENTS_URL), 'payments', {
    logger: loggerFor(service),
    clock: systemClock,
  });
