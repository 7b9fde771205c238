import { route } from '../../../shared/http/route.ts';
import { systemClock } from '../../../shared/kernel/clock.ts';
import { loggerFor } from '../../wiring/config.ts';
import { products } from '../../wiring/products.ts';
import { storeFor } from '../../wiring/store.ts';
import { createHandler } from './handler.ts';
import { parseRequest } from './request.ts';

export const handler = route(
  loggerFor('placeOrder'),
  parseRequest,
  createHandler({ products, store: storeFor('placeOrder'), clock: systemClock }),
);
