import type { Consumer } from './consumer.ts';
import type { Claim, Seen } from './cursors.ts';
import { newCursor, type Run } from './run.ts';

/** Kept after an event's longest time for writing down what came of it. */
const settleMs = 2_000;

let claims = 0;

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
export function readClaim<View>(consumer: Consumer<View>, seen: Seen<View>): Standing {
  const claim = seen?.claim;
  if (!claim) return { begunBefore: 0, heldForMs: 0 };
  const isOver = claim.owner.startsWith(`${consumer.instance}/`) && !consumer.active.has(claim.owner);
  if (isOver) return { begunBefore: Math.max(0, claim.begun - 1), heldForMs: 0 };
  const heldForMs = Date.parse(claim.until) - consumer.clock.now().getTime();
  return { begunBefore: claim.begun, heldForMs: Math.max(0, heldForMs) };
}

/** The run claims the row, if nobody has been faster; `consumer.active` has its owner from now on. */
export async function claimRow<View>(
  consumer: Consumer<View>,
  run: Run<View>,
  limitMs: number,
  begun: number,
): Promise<boolean> {
  claims += 1;
  run.owner = `${consumer.instance}/${claims}`;
  consumer.active.add(run.owner);
  const claim = toClaim(consumer, run.owner, limitMs, begun);
  const isMine = await consumer.cursors.claim(run.stream, run.seen, claim);
  run.seen = { ...(run.seen ?? newCursor(run.stream)), claim };
  return isMine;
}

/**
 * The run ends without having begun on anything: it counts for nothing, and its claim is over. Whoever has changed the row
 * since has seen to that.
 */
export async function takeBackClaim<View>({ cursors, clock }: Consumer<View>, run: Run<View>, charged: number) {
  const { stream, seen, owner } = run;
  if (owner === undefined || seen?.claim === undefined) return;
  const begun = seen.claim.begun - charged;
  await cursors.claim(stream, seen, { owner, until: clock.now().toISOString(), begun });
}

/** A claim of this owner for one event from now on. */
export const toClaim = <View>({ clock }: Consumer<View>, owner: string, limitMs: number, begun: number): Claim => ({
  owner,
  until: new Date(clock.now().getTime() + limitMs + settleMs).toISOString(),
  begun,
});
