import { admit } from '../../../shared/http/admit.ts';
import { route } from '../../../shared/http/route.ts';
import { loggerFor } from '../../wiring/config.ts';
import { readRelayLease, rewindRelayLease } from '../../wiring/lease.ts';
import { storeFor } from '../../wiring/store.ts';
import { createHandler } from './handler.ts';
import { parseRequest } from './request.ts';

const service = 'rewindRelay';

export const handler = route(
  loggerFor(service),
  admit('rewindRelay'),
  parseRequest,
  createHandler({
    store: storeFor(service),
    readLease: readRelayLease,
    rewindLease: rewindRelayLease,
    logger: loggerFor(service),
  }),
);
