import * as z from 'zod/mini';
import type { Selection } from '../../../shared/broker/listDeadLetters.ts';
import { consumerName } from '../../../shared/http/deadLetters.ts';
import type { HttpEvent } from '../../../shared/http/incoming.ts';
import { parseParameters } from '../../../shared/http/request.ts';

export const query = z.object({
  consumer: z.optional(consumerName),
  id: z.optional(z.string().check(z.minLength(1))),
  cause: z.optional(z.string().check(z.minLength(1))),
  limit: z._default(z.coerce.number().check(z.int(), z.minimum(1), z.maximum(1_000)), 100),
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
