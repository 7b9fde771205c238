import * as z from 'zod/mini';
import type { Selection } from '../../../shared/broker/listDeadLetters.ts';
import { consumerName } from '../../../shared/http/deadLetters.ts';
import type { HttpEvent } from '../../../shared/http/incoming.ts';
import { parseQuery } from '../../../shared/http/request.ts';

export const query = z.strictObject({
  consumer: z.optional(consumerName),
  id: z.optional(z.string().check(z.minLength(1))),
  cause: z.optional(z.string().check(z.minLength(1))),
  limit: z._default(
    z.pipe(
      z.string().check(z.regex(/^([1-9]\d{0,2}|1000)$/, 'expected a whole number from 1 to 1000')),
      z.transform(Number),
    ),
    100,
  ),
});

export interface ListDeadLettersRequest {
  readonly selection: Selection;
  readonly limit: number;
}

/** @throws BadRequest */
export function parseRequest(event: HttpEvent): ListDeadLettersRequest {
  const { limit, consumer, id, cause } = parseQuery(event, query);
  return { selection: { consumer, id, cause }, limit };
}
