import type { Delivery } from './deliveries.ts';
import type { Publish } from './publication.ts';

/** What a client says of a delivery: done with it, give it to someone again, or give it up. */
export type Verdict = 'ack' | 'requeue' | 'reject';

export interface HeldBack {
  readonly publishes: readonly Publish[];
  readonly verdicts: readonly { readonly deliveries: readonly Delivery[]; readonly verdict: Verdict }[];
}

/** Publishes and verdicts of a transactional channel, held back until the client commits. */
export class Transaction {
  #publishes: Publish[] = [];
  #verdicts: { deliveries: readonly Delivery[]; verdict: Verdict }[] = [];

  publish(publish: Publish): void {
    this.#publishes.push(publish);
  }

  settle(deliveries: readonly Delivery[], verdict: Verdict): void {
    this.#verdicts.push({ deliveries, verdict });
  }

  /** What was held back, in order, leaving the transaction empty for the next. */
  end(): HeldBack {
    const held = { publishes: this.#publishes, verdicts: this.#verdicts };
    this.#publishes = [];
    this.#verdicts = [];
    return held;
  }
}
