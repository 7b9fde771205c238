import * as z from 'zod/mini';
import { type Product, product, sku } from '../../../shared/domain/catalogue/index.ts';
import type { HttpEvent } from '../../../shared/http/incoming.ts';
import { parseAll, parseJsonBody, parseNoQuery, parseParameters } from '../../../shared/http/request.ts';

const path = z.object({ sku });
export const body = z.omit(product, { sku: true });

/** @throws BadRequest */
export function parseRequest(event: HttpEvent): Product {
  const [{ sku: name }, rest] = parseAll(
    () => parseParameters({ sku: event.pathParameters?.['sku'] }, path),
    () => parseJsonBody(event, body),
    () => parseNoQuery(event),
  );
  return { sku: name, ...rest };
}
