import type { PricingRejection } from '../domain/catalogue/index.ts';
import type { StockRejection } from '../domain/inventory/index.ts';
import type { OrderRejection } from '../domain/orders/index.ts';
import type { RewindRejection } from '../relay/rewind.ts';
import type { Problem } from './problem.ts';

/** What reading can find wrong: `revision` is the newest that there is, less than was asked for. */
type ReadRejection =
  | { readonly code: 'stock/not-found' }
  | { readonly code: 'order/revision-not-reached' | 'stock/revision-not-reached'; readonly revision: bigint };

/** Every no that the business can say to a caller. */
export type PublicRejection =
  | OrderRejection
  | StockRejection
  | PricingRejection
  | ReadRejection
  | RewindRejection
  /** `If-Match` names another revision. */
  | { readonly code: 'order/changed'; readonly revision: bigint };

/** What HTTP makes of it. A new code without an entry does not compile. */
export const rejectionProblems: Readonly<
  Record<PublicRejection['code'], { readonly status: 404 | 409 | 412 | 422; readonly detail: string }>
> = {
  'order/not-found': { status: 404, detail: 'there is no such order' },
  'order/revision-not-reached': { status: 409, detail: 'the order has not reached minRevision' },
  'order/key-reused': { status: 422, detail: 'this Idempotency-Key was used before, for another order' },
  'order/changed': { status: 412, detail: 'the order is not at the revision that If-Match names' },
  'order/too-late-to-cancel': { status: 409, detail: 'the order can not be cancelled any more' },
  'stock/not-found': { status: 404, detail: 'nothing was ever received of this SKU' },
  'stock/revision-not-reached': { status: 409, detail: 'the stock has not reached minRevision' },
  'stock/key-reused': { status: 422, detail: 'this Idempotency-Key was used before, for another quantity' },
  'catalogue/unknown-sku': { status: 422, detail: 'the catalogue does not have every SKU of the order' },
  'catalogue/mixed-currencies': { status: 422, detail: 'the lines of one order are priced in one currency' },
  'catalogue/total-too-large': { status: 422, detail: 'the total is too large to be exact' },
  'relay/no-checkpoint': { status: 409, detail: 'the relay has no checkpoint to set back' },
  'relay/not-behind': { status: 422, detail: "the position is not behind the relay's checkpoint" },
  'relay/no-such-position': { status: 422, detail: 'the store has no event at this position' },
  'relay/changed-hands': { status: 409, detail: 'another relay took over meanwhile: ask again' },
};

/** A rejection's facts become members of the problem. */
export function toRejectionProblem({ code, ...facts }: PublicRejection): Problem {
  return { ...rejectionProblems[code], code, facts };
}
