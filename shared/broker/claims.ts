import type { Consumer } from './consumer.ts';
import type { Claim, Cursor } from './cursors.ts';
import type { Run } from './run.ts';

/** Kept after an event's longest time for writing down what came of it. */
const settleMs = 2_000;

let claims = 0;

const toUntil = <View>({ clock }: Consumer<View>, limitMs: number): string =>
  new Date(clock.now().getTime() + limitMs + settleMs).toISOString();

/** What a claim that stands in the row means to a run that comes. */
export interface Standing {
  /** Runs in a row before this one that began and never ended. */
  readonly begunBefore: number;
  /** How long it is still left to its owner. */
  readonly heldForMs: number;
}

/**
 * A claim of this process whose run is not under way any more has ended without being able to say so, in an outage: it
 * counts for nothing. One of another process is under way, or its process is gone; when its time is over, it is gone.
 */
export function readClaim<View>(consumer: Consumer<View>, { claim }: Cursor<View>): Standing {
  if (!claim) return { begunBefore: 0, heldForMs: 0 };
  const isOver = claim.owner.startsWith(`${consumer.instance}/`) && !consumer.active.has(claim.owner);
  if (isOver) return { begunBefore: claim.begun - 1, heldForMs: 0 };
  const heldForMs = Date.parse(claim.until) - consumer.clock.now().getTime();
  return { begunBefore: claim.begun, heldForMs: Math.max(0, heldForMs) };
}

/** The run claims the row, if nobody has been faster; `consumer.active` has its owner from now on. */
export function claimRow<View>(
  consumer: Consumer<View>,
  { stream, claim: seen }: Cursor<View>,
  run: Run<View>,
  limitMs: number,
  begun: number,
): Promise<boolean> {
  claims += 1;
  const owner = `${consumer.instance}/${claims}`;
  consumer.active.add(owner);
  run.claim = { owner, until: toUntil(consumer, limitMs), begun };
  return consumer.cursors.claim(stream, { ...run.claim, from: run.from, seenOwner: seen?.owner });
}

/** The same claim for the next event: what came before has ended. */
export const renewClaim = <View>(consumer: Consumer<View>, limitMs: number, { owner }: Claim): Claim => ({
  owner,
  until: toUntil(consumer, limitMs),
  begun: 1,
});
