import { orderStream } from '../../../shared/domain/orders/index.ts';
import { admit } from '../../../shared/http/admit.ts';
import { route } from '../../../shared/http/route.ts';
import { waitForView, withWait } from '../../../shared/http/waitForView.ts';
import { systemClock } from '../../../shared/kernel/clock.ts';
import { loggerFor } from '../../wiring/config.ts';
import { personal } from '../../wiring/personal.ts';
import { products } from '../../wiring/products.ts';
import { storeFor } from '../../wiring/store.ts';
import { orderTable } from '../../wiring/views.ts';
import { createHandler } from './handler.ts';
import { parseRequest } from './request.ts';

export const handler = route(
  loggerFor('placeOrder'),
  admit('placeOrder'),
  withWait(parseRequest),
  waitForView(
    { table: orderTable, clock: systemClock, toStream: ({ orderId }) => orderStream(String(orderId)) },
    createHandler({ products, personal, store: storeFor('placeOrder'), clock: systemClock }),
  ),
);
