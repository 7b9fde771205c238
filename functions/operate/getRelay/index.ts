import { admit } from '../../../shared/http/admit.ts';
import { parseNoQuery } from '../../../shared/http/request.ts';
import { route } from '../../../shared/http/route.ts';
import { systemClock } from '../../../shared/kernel/clock.ts';
import { loggerFor } from '../../wiring/config.ts';
import { readRelayLease } from '../../wiring/lease.ts';
import { storeFor } from '../../wiring/store.ts';

import { createHandler } from './handler.ts';

export const handler = route(
  loggerFor('getRelay'),
  admit('getRelay'),
  parseNoQuery,
  createHandler({
    store: storeFor('getRelay'),
    readLease: readRelayLease,
    clock: systemClock,
  }),
);
