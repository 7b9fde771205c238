import { admit } from '../../../shared/http/admit.ts';
import { parseNoQuery } from '../../../shared/http/request.ts';
import { route } from '../../../shared/http/route.ts';
import { loggerFor } from '../../wiring/config.ts';
import { products } from '../../wiring/products.ts';
import { createHandler } from './handler.ts';

export const handler = route(
  loggerFor('listProducts'),
  admit('listProducts'),
  parseNoQuery,
  createHandler({ products }),
);
