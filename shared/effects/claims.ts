/**
 * Who does what can't be asked for twice. Contract: claims.contract.ts, passed by the in-memory version and by DynamoDB.
 *
 * `mine`: nobody else may do it until `endsAt`, and its holder not after that. `taken`: somebody else is at it, or died while it was. `done`:
 * it was done.
 */
export type Claim =
  | { readonly status: 'done' }
  /** Nobody's any more from `endsAt` on. */
  | { readonly status: 'mine' | 'taken'; readonly endsAt: Date };

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
  /**
   * It was not done: the next who asks gets it. Gives back the claim that ends at `endsAt` and no other: whoever was too
   * late has nothing to give.
   */
  giveBack(id: string, endsAt: Date): Promise<void>;
}
