import { admit } from '../../../shared/http/admit.ts';
import { parseNoQuery } from '../../../shared/http/request.ts';
import { route } from '../../../shared/http/route.ts';
import { loggerFor } from '../../wiring/config.ts';
import { storeFor } from '../../wiring/store.ts';
import { orderTable } from '../../wiring/views.ts';
import { createHandler } from './handler.ts';

/** A name that no order has: reading it asks the part and brings nothing. */
const nobody = 'order-health';

export const handler = route(
  loggerFor('getHealth'),
  admit('getHealth'),
  parseNoQuery,
  createHandler({
    checks: { store: () => Array.fromAsync(storeFor('getHealth').read(nobody)), tables: () => orderTable.read(nobody) },
  }),
);
