/** The ports of one process, each behind what can happen to it: a call fails, is done without an answer, or is the last one. */

import type { Cursors } from '../../shared/broker/cursors.ts';
import type { Publisher } from '../../shared/broker/publisher.ts';
import type { PersonalData } from '../../shared/personal/personalData.ts';
import type { EventStore } from '../../shared/store/eventStore.ts';
import type { Chance } from '../../shared/testing/chance.ts';
import type { Hazard, Odds } from './hazard.ts';
import { categories } from './streams.ts';

/** The most events that a node has not heard of yet. */
const maxBehind = 8;

/**
 * The store as one process reaches it. A read can fail as well; only a write can be done without an answer. By chance it is
 * read from a node that was the leader until just now: without the newest events, whatever this process wrote or was told;
 * but never with less than it has shown before.
 */
export function storeBehind(truth: EventStore, hazard: () => Hazard, chance: Chance, odds: Odds): EventStore {
  let horizon = 0n;
  const read: EventStore['read'] = async function* (...args) {
    const head = (await truth.readHead(categories))?.commit ?? 0n;
    const seen = chance.happens(odds.behind) ? head - BigInt(1 + chance.below(maxBehind)) : head;
    if (seen > horizon) horizon = seen;
    // Other reads of this process may see further meanwhile: this one is of one moment.
    const until = horizon;
    for await (const event of truth.read(...args)) if ((event.position ?? 0n) <= until) yield event;
  };
  return {
    ...truth,
    append: (...args) => hazard().meet('store/unavailable', () => truth.append(...args)),
    async *read(...args) {
      yield* await hazard().meet('store/unavailable', () => Array.fromAsync(read(...args)));
    },
  };
}

export const cursorsBehind = (of: Cursors<unknown>, hazard: () => Hazard): Cursors<unknown> => ({
  load: (...args) => hazard().meet('table/unavailable', () => of.load(...args)),
  claim: (...args) => hazard().meet('table/unavailable', () => of.claim(...args)),
  advance: (...args) => hazard().meet('table/unavailable', () => of.advance(...args)),
  progress: (...args) => hazard().meet('table/unavailable', () => of.progress(...args)),
  fail: (...args) => hazard().meet('table/unavailable', () => of.fail(...args)),
  setAside: (...args) => hazard().meet('table/unavailable', () => of.setAside(...args)),
});

export const personalBehind = (
  personal: Pick<PersonalData, 'open'>,
  hazard: () => Hazard,
): Pick<PersonalData, 'open'> => ({
  open: (...args) => hazard().meet('keys/unavailable', () => personal.open(...args)),
});

export const publisherBehind = (
  publisher: Pick<Publisher, 'publish'>,
  hazard: () => Hazard,
): Pick<Publisher, 'publish'> => ({
  publish: (message) => hazard().meet('broker/unavailable', () => publisher.publish(message)),
});
