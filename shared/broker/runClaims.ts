import type { Consumer } from './consumer.ts';
import type { Claim, Seen } from './cursors.ts';
import { newCursor, type Run, type RunTerms } from './run.ts';

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
export async function claimRow<View>(consumer: Consumer<View>, run: Run<View>, terms: RunTerms): Promise<boolean> {
  claims += 1;
  run.owner = `${consumer.instance}/${claims}`;
  consumer.active.add(run.owner);
  const claim = toClaim(consumer, run.owner, run, terms);
  const isMine = await consumer.cursors.claim(run.stream, run.seen, claim);
  run.seen = { ...(run.seen ?? newCursor(run.stream)), claim };
  return isMine;
}

/** The run ends, and nothing came of its last event. Whoever has changed the row since has seen to its claim. */
export async function takeBackClaim<View>(consumer: Consumer<View>, run: Run<View>): Promise<void> {
  const { claim } = endClaim(consumer, run);
  if (claim) await consumer.cursors.claim(run.stream, run.seen, claim);
}

/**
 * What a run leaves of its claim when nothing came of its last event, neither an effect nor a failure: it is over, and the
 * run itself counts for nothing. Those before it that never ended still do, and whoever comes next claims the row as well:
 * an event that kills now and then must not look new each time. It is nobody's, or this process would take it for one of
 * its own that an outage has ended.
 */
export const endClaim = <View>(
  { clock }: Pick<Consumer<View>, 'clock'>,
  { owner, begunBefore: begun }: Run<View>,
): { readonly claim?: Claim } =>
  owner === undefined ? {} : { claim: { owner: `over/${owner}`, until: clock.now().toISOString(), begun } };

/** A claim of this owner for one event from now on. A run beside others is not charged with the death of all of them. */
export const toClaim = <View>(
  { clock }: Consumer<View>,
  owner: string,
  { begunBefore }: Run<View>,
  { time, isAlone }: RunTerms,
): Claim => ({
  owner,
  until: new Date(clock.now().getTime() + time.limitMs + settleMs).toISOString(),
  begun: begunBefore + (isAlone ? 1 : 0),
});
