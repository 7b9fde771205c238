import { createHttpPayments } from '../../shared/effects/httpPayments.ts';
import { configOf } from './config.ts';

export const payments = createHttpPayments(configOf('PAYMENTS_URL').PAYMENTS_URL);
