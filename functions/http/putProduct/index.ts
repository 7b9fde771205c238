import { admit } from '../../../shared/http/admit.ts';
import { route } from '../../../shared/http/route.ts';
import { loggerFor } from '../../wiring/config.ts';
import { products } from '../../wiring/products.ts';
import { createHandler } from './handler.ts';
import { parseRequest } from './request.ts';

export const handler = route(loggerFor('putProduct'), admit('putProduct'), parseRequest, createHandler({ products }));
