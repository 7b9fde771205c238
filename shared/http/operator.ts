import * as z from 'zod';
import type { HttpEvent } from './incoming.ts';
import { BadRequest } from './problem.ts';

/** As much of API Gateway's JWT authorizer as says who calls. */
const authorized = z.object({
  requestContext: z.object({
    authorizer: z.object({ jwt: z.object({ claims: z.object({ sub: z.string().min(1) }) }) }),
  }),
});

/** Where a body says who does it, for a route that nobody has authorized. */
export const operatorName = z
  .string()
  .regex(/^[\w .@-]{1,100}$/, 'expected 1 to 100 letters, digits, " ", ".", "@", "_" or "-"');

/**
 * Who does it: the token's subject, and only without a token what the caller says of itself.
 *
 * @throws BadRequest when nobody says
 */
export function operatorOf(event: HttpEvent, said: string | undefined): string {
  const parsed = authorized.safeParse(event);
  const operator = parsed.success ? parsed.data.requestContext.authorizer.jwt.claims.sub : said;
  if (operator !== undefined) return operator;
  throw new BadRequest('http/invalid', 'the request does not fit', [
    { field: '/by', message: 'missing: say who does this, for the record' },
  ]);
}
