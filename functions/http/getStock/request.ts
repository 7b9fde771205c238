import * as z from 'zod/mini';
import { sku } from '../../../shared/domain/catalogue/index.ts';
import type { HttpEvent } from '../../../shared/http/incoming.ts';
import { parseParameters, revisionParameter } from '../../../shared/http/request.ts';

const parameters = z.object({ sku, minRevision: z.optional(revisionParameter) });

export type GetStockRequest = z.infer<typeof parameters>;

/** @throws BadRequest */
export const parseRequest = (event: HttpEvent): GetStockRequest =>
  parseParameters({ ...event.queryStringParameters, sku: event.pathParameters?.['sku'] }, parameters);
