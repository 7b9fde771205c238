import { route } from '../../../shared/http/route.ts';
import { admit } from '../../wiring/callers.ts';
import { loggerFor } from '../../wiring/config.ts';
import { orderList } from '../../wiring/views.ts';
import { createHandler } from './handler.ts';
import { parseRequest } from './request.ts';

export const handler = route(
  loggerFor('listOrders'),
  admit('listOrders'),
  parseRequest,
  createHandler({ readOrders: orderList }),
);
