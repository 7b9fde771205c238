import { route } from '../../../shared/http/route.ts';
import { admit } from '../../wiring/callers.ts';
import { loggerFor } from '../../wiring/config.ts';
import { products } from '../../wiring/products.ts';
import { createHandler } from './handler.ts';
import { parseRequest } from './request.ts';

export const handler = route(loggerFor('putProduct'), admit('putProduct'), parseRequest, createHandler({ products }));
