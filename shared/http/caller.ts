/** Who is asking, as their token says. */
import * as z from 'zod/mini';
import type { Scope } from './access.ts';
import { BadRequest } from './problem.ts';

export const customerId = z
  .string()
  .check(z.regex(/^[\w.:@|-]{1,100}$/, 'expected 1 to 100 of A-Z a-z 0-9 _ . : @ | -'));

/** Whom a body or a query names. */
export const namedCustomer = customerId.check(
  z.meta({ description: 'Taken from the token; given here it needs the scope `ops`.' }),
);

export interface Caller {
  /** The token's `sub`. */
  readonly customerId: string;
  /** All that the token has, known here or not. */
  readonly scopes: ReadonlySet<string>;
}

/** Parted by spaces alone: a scope may have a comma in it. Amazon's gateway writes a list as the text `[orders stock]`. */
const words = z.pipe(
  z.string(),
  z.transform((text) => text.replace(/^\[(.*)\]$/, '$1').split(' ')),
);
const claims = z.object({
  sub: customerId,
  scope: z.optional(words),
  scp: z.optional(z.union([z.array(z.string()), words])),
});

/** Who a token's claims, once verified, say that it is from; undefined when they are not of our form. */
export function parseCaller(content: unknown): Caller | undefined {
  const parsed = claims.safeParse(content);
  if (!parsed.success) return undefined;
  const { sub, scope = [], scp = [] } = parsed.data;
  return { customerId: sub, scopes: new Set([...scope, ...scp].filter((word) => word !== '')) };
}

/** Whose orders a caller reaches: one customer's, or anyone's. */
export type Reach = { readonly customerId: string } | 'anyone';

const operator: Scope = 'ops';

export const reachOf = ({ customerId: own, scopes }: Caller): Reach =>
  scopes.has(operator) ? 'anyone' : { customerId: own };

/** Whether an order of this customer is there at all for who asks: another's is not told from one that does not exist. */
export const isWithin = (reach: Reach, owner: string): boolean => reach === 'anyone' || reach.customerId === owner;

const refuseCustomer = (): BadRequest =>
  new BadRequest('http/customer-refused', 'the customer is the token’s: another is taken with scope ops alone');

/** @throws BadRequest 403 for another customer than the caller, without the scope `ops` */
export function requireReach(caller: Caller, customer: string): void {
  if (!isWithin(reachOf(caller), customer)) throw refuseCustomer();
}

/**
 * The customer a request is for: the caller, or whom an operator names.
 *
 * @param named what the body or the query says
 * @throws BadRequest 403 when one is named without the scope `ops`, be it the caller
 */
export function customerOf({ customerId: own, scopes }: Caller, named: string | undefined): string {
  if (named === undefined) return own;
  if (scopes.has(operator)) return named;
  throw refuseCustomer();
}
