import { admit } from '../../../shared/http/admit.ts';
import { route } from '../../../shared/http/route.ts';
import { loggerFor } from '../../wiring/config.ts';
import { personal } from '../../wiring/personal.ts';
import { orderList } from '../../wiring/views.ts';
import { createHandler } from './handler.ts';
import { parseRequest } from './request.ts';

export const handler = route(
  loggerFor('listOrders'),
  admit('listOrders'),
  parseRequest,
  createHandler({ personal, readOrders: orderList }),
);
