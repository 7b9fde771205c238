/** The ports of one process, each behind what can happen to it: a call fails, is done without an answer, or is the last one. */

import type { Cursors } from '../../shared/broker/cursors.ts';
import type { Publisher } from '../../shared/broker/publisher.ts';
import type { Claims } from '../../shared/effects/claims.ts';
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

/** A write of a table whose answer may be lost: the client sends it again a moment later, and tells what came of that. */
const writing =
  (hazard: () => Hazard, chance: Chance, { again }: Odds) =>
  <Result>(write: () => Promise<Result>): Promise<Result> =>
    hazard().meet('table/unavailable', async () => {
      if (!chance.happens(again)) return write();
      await write();
      for (let turns = chance.below(6); turns > 0; turns -= 1) await null;
      return write();
    });

export function cursorsBehind(
  of: Cursors<unknown>,
  hazard: () => Hazard,
  chance: Chance,
  odds: Odds,
): Cursors<unknown> {
  const write = writing(hazard, chance, odds);
  return {
    load: (...args) => hazard().meet('table/unavailable', () => of.load(...args)),
    claim: (...args) => write(() => of.claim(...args)),
    advance: (...args) => write(() => of.advance(...args)),
    progress: (...args) => write(() => of.progress(...args)),
    fail: (...args) => write(() => of.fail(...args)),
    setAside: (...args) => write(() => of.setAside(...args)),
  };
}

export function claimsBehind(of: Claims, hazard: () => Hazard, chance: Chance, odds: Odds): Claims {
  const write = writing(hazard, chance, odds);
  return {
    claim: (...args) => write(() => of.claim(...args)),
    complete: (...args) => write(() => of.complete(...args)),
    giveBack: (...args) => write(() => of.giveBack(...args)),
  };
}

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
