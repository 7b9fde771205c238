import { admit } from '../../../shared/http/admit.ts';
import { route } from '../../../shared/http/route.ts';
import { loggerFor } from '../../wiring/config.ts';
import { storeFor } from '../../wiring/store.ts';
import { stockTable } from '../../wiring/views.ts';
import { createHandler } from './handler.ts';
import { parseRequest } from './request.ts';

export const handler = route(
  loggerFor('getStock'),
  admit('getStock'),
  parseRequest,
  createHandler({ table: stockTable, store: storeFor('getStock') }),
);
