import { publishedCategories } from '../broker/topology.ts';
import { Fault } from '../kernel/fault.ts';
import type { Logger } from '../observe/logger.ts';
import type { EventStore, Position } from '../store/eventStore.ts';
import type { LeaseView } from './lease.ts';
import { formatPosition } from './position.ts';

/** Where the relay is to begin again: behind a position, or with the store's first event. */
export type RewindTarget = Position | 'start';

/** Why it stays where it is; nothing was changed. */
export type RewindRejection =
  /** There is no checkpoint to set back: it will begin with the first event anyway. */
  | { readonly code: 'relay/no-checkpoint' }
  /** It would leave out events, which nothing here does. `position` is the checkpoint. */
  | { readonly code: 'relay/not-behind'; readonly position: string }
  | { readonly code: 'relay/no-such-position' }
  /** Another relay took over meanwhile. */
  | { readonly code: 'relay/changed-hands' };

type Rewound =
  | { readonly outcome: 'rewound'; readonly from: string; readonly to: string }
  | { readonly outcome: 'rejected'; readonly rejection: RewindRejection };

/**
 * Sets the checkpoint to `to` and takes the lease from whoever holds it, in one write, and only if the fencing number is
 * `seen` still. Whoever held it can't write any more and finds that out at its next renewal; the next that takes it begins
 * at the new checkpoint. False: the fencing number is another by now.
 *
 * @throws Fault table/unavailable: it may have been written or not; to repeat it does no harm
 */
export type RewindLease = (to: RewindTarget, seen: number) => Promise<boolean>;

export interface RewindDeps {
  readonly store: Pick<EventStore, 'readAll' | 'readHead'>;
  readonly readLease: () => Promise<LeaseView | undefined>;
  readonly rewindLease: RewindLease;
  readonly logger: Logger;
}

/** How long the store may take to show what stands behind a position. */
const lookMs = 5_000;

const reject = (rejection: RewindRejection): Rewound => ({ outcome: 'rejected', rejection });

/**
 * Has the relay publish again what it published before: for a broker that lost its queues. Running relays need not be stopped.
 * Consumers skip what they have applied, so too far back costs time alone.
 *
 * @param by who asked; on the log line
 * @throws Fault table/unavailable, store/unavailable
 */
export async function rewindRelay(deps: RewindDeps, to: RewindTarget, by: string): Promise<Rewound> {
  const { readLease, rewindLease, logger } = deps;
  const lease = await readLease();
  if (lease?.position === undefined) return reject({ code: 'relay/no-checkpoint' });
  const from = formatPosition(lease.position);
  if (to !== 'start') {
    if (to.commit >= lease.position.commit) return reject({ code: 'relay/not-behind', position: from });
    if (!(await isPosition(deps, to))) return reject({ code: 'relay/no-such-position' });
  }
  if (!(await rewindLease(to, lease.fencing))) return reject({ code: 'relay/changed-hands' });
  const target = to === 'start' ? to : formatPosition(to);
  logger.warn('relay is set back', { from, to: target, by, fencing: lease.fencing + 1 });
  return { outcome: 'rewound', from, to: target };
}

/**
 * Whether the store reads on from there: from what is no event's place it refuses to, and a relay that was sent there would stand
 * for ever. A refusal counts when the store answers otherwise, and when it comes twice: at a change of leader it means nothing.
 */
async function isPosition(deps: RewindDeps, after: Position): Promise<boolean> {
  return (await canReadAfter(deps, after)) || (await canReadAfter(deps, after));
}

/** @throws Fault store/unavailable when the store does not answer at all, or not in time */
async function canReadAfter({ store, logger }: RewindDeps, after: Position): Promise<boolean> {
  const position = formatPosition(after);
  const late = AbortSignal.timeout(lookMs);
  try {
    for await (const _ of store.readAll({ categories: publishedCategories, after, signal: late })) return true;
  } catch (error) {
    logger.warn('the store does not read on from a position', { position, reason: String(error) });
    await store.readHead(publishedCategories);
    return false;
  }
  throw new Fault('store/unavailable', `read behind ${position}: no answer within ${lookMs} ms`);
}
