import { admit } from '../../../shared/http/admit.ts';
import { route } from '../../../shared/http/route.ts';
import { loggerFor } from '../../wiring/config.ts';
import { personal } from '../../wiring/personal.ts';
import { storeFor } from '../../wiring/store.ts';
import { createHandler } from './handler.ts';
import { parseRequest } from './request.ts';

export const handler = route(
  loggerFor('getOrderEvents'),
  admit('getOrderEvents'),
  parseRequest,
  createHandler({ personal, store: storeFor('getOrderEvents') }),
);
