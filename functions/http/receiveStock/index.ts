import { route } from '../../../shared/http/route.ts';
import { systemClock } from '../../../shared/kernel/clock.ts';
import { loggerFor } from '../../wiring/config.ts';
import { snapshots } from '../../wiring/snapshots.ts';
import { storeFor } from '../../wiring/store.ts';
import { createHandler } from './handler.ts';
import { parseRequest } from './request.ts';

export const handler = route(
  loggerFor('receiveStock'),
  parseRequest,
  createHandler({
    snapshots,
    store: storeFor('receiveStock'),
    clock: systemClock,
    logger: loggerFor('receiveStock'),
  }),
);
