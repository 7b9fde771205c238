import { stockStream } from '../../../shared/domain/inventory/index.ts';
import { admit } from '../../../shared/http/admit.ts';
import { route } from '../../../shared/http/route.ts';
import { waitForView, withWait } from '../../../shared/http/waitForView.ts';
import { systemClock } from '../../../shared/kernel/clock.ts';
import { loggerFor } from '../../wiring/config.ts';
import { snapshots } from '../../wiring/snapshots.ts';
import { storeFor } from '../../wiring/store.ts';
import { stockTable } from '../../wiring/views.ts';
import { createHandler } from './handler.ts';
import { parseRequest } from './request.ts';

export const handler = route(
  loggerFor('receiveStock'),
  admit('receiveStock'),
  withWait(parseRequest),
  waitForView(
    { table: stockTable, clock: systemClock, toStream: ({ sku }) => stockStream(String(sku)) },
    createHandler({
      snapshots,
      store: storeFor('receiveStock'),
      clock: systemClock,
      logger: loggerFor('receiveStock'),
    }),
  ),
);
