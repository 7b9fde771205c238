import * as z from 'zod';
import type { Selection } from '../../../shared/broker/listDeadLetters.ts';
import type { HttpEvent } from '../../../shared/http/incoming.ts';
import { parseParameters } from '../../../shared/http/request.ts';

export const query = z.object({
  consumer: z.string().min(1).optional(),
  id: z.string().min(1).optional(),
  cause: z.string().min(1).optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
});

export interface ListDeadLettersRequest {
  readonly selection: Selection;
  readonly limit: number;
}

/** @throws BadRequest */
export function parseRequest(event: HttpEvent): ListDeadLettersRequest {
  const { limit, consumer, id, cause } = parseParameters(event.queryStringParameters ?? {}, query);
  return { selection: { consumer, id, cause }, limit };
}
