import { route } from '../../../shared/http/route.ts';
import { systemClock } from '../../../shared/kernel/clock.ts';
import { loggerFor } from '../../wiring/config.ts';
import { storeFor } from '../../wiring/store.ts';
import { createHandler } from './handler.ts';
import { parseRequest } from './request.ts';

export const handler = route(
  loggerFor('receiveStock'),
  parseRequest,
  createHandler({ store: storeFor('receiveStock'), clock: systemClock }),
);
