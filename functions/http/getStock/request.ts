import * as z from 'zod/mini';
import { sku } from '../../../shared/domain/catalogue/index.ts';
import type { HttpEvent } from '../../../shared/http/incoming.ts';
import { parseAll, parseParameters, parseQuery, revisionParameter } from '../../../shared/http/request.ts';

const path = z.object({ sku });
export const query = z.strictObject({ minRevision: z.optional(revisionParameter) });

export type GetStockRequest = z.infer<typeof path> & z.infer<typeof query>;

/** @throws BadRequest */
export function parseRequest(event: HttpEvent): GetStockRequest {
  const [named, wanted] = parseAll(
    () => parseParameters({ sku: event.pathParameters?.['sku'] }, path),
    () => parseQuery(event, query),
  );
  return { ...named, ...wanted };
}
