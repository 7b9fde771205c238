import { route } from '../../../shared/http/route.ts';
import { loggerFor } from '../../wiring/config.ts';
import { stockList } from '../../wiring/views.ts';
import { createHandler } from './handler.ts';

export const handler = route(loggerFor('listStock'), () => undefined, createHandler({ readStocks: stockList }));
