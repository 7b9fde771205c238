import * as z from 'zod';
import { type Product, product, sku } from '../../../shared/domain/catalogue/index.ts';
import { type HttpEvent, parseJsonBody, parseParameters } from '../../../shared/http/request.ts';

const path = z.object({ sku });
const body = product.omit({ sku: true });

/** @throws BadRequest */
export const parseRequest = (event: HttpEvent): Product => ({
  ...parseParameters({ sku: event.pathParameters?.['sku'] }, path),
  ...parseJsonBody(event, body),
});
