import { route } from '../../../shared/http/route.ts';
import { admit } from '../../wiring/callers.ts';
import { loggerFor } from '../../wiring/config.ts';
import { stockList } from '../../wiring/views.ts';
import { createHandler } from './handler.ts';

export const handler = route(
  loggerFor('listStock'),
  admit('listStock'),
  () => undefined,
  createHandler({ readStocks: stockList }),
);
