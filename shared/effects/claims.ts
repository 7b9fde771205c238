/**
 * Who does what can't be asked for twice. Contract: claims.contract.ts, passed by the in-memory version and by DynamoDB.
 *
 * `mine`: nobody else may do it until the claim is over. `taken`: somebody else is at it, or died while it was. `done`:
 * it was done.
 */
export type Claim =
  | { readonly status: 'mine' | 'done' }
  /** Nobody's any more from `endsAt` on. */
  | { readonly status: 'taken'; readonly endsAt: Date };

export interface Claims {
  /**
   * Takes the work of this id, once: of many that ask at a time, one gets it. A claim that is neither completed nor given
   * back is over after `leaseMs` by the clocks of those who ask, which has to be longer than the work can take.
   *
   * @throws Fault table/unavailable, as every operation here
   */
  claim(id: string, leaseMs: number): Promise<Claim>;
  /** It was done, for ever. */
  complete(id: string): Promise<void>;
  /** It was not done: the next who asks gets it. Changes nothing once it is done. */
  giveBack(id: string): Promise<void>;
}
