import { setImmediate } from 'node:timers/promises';
import type { EventLog } from '../../log/eventLog.ts';
import { createMatcher } from '../../log/filter.ts';
import { resolveLink } from '../../log/links.ts';
import { Turn } from '../../log/turn.ts';
import { PendingEvent } from '../../wire/outgoing.ts';
import { ReadResp } from '../../wire/streams.ts';
import type { Context } from '../context.ts';
import type { Output } from '../output.ts';
import type { ReadQuery } from './readQuery.ts';
import { confirm, tellCaughtUp } from './subscription.ts';

export type AllSubscription = Extract<ReadQuery, { kind: 'allSubscription' }>;

/**
 * Follows `$all` until the client goes. The subscription is a place in the log and nothing else, so a slow client costs
 * no memory, holds nobody up and misses nothing.
 */
export async function subscribeAll({ log }: Context, query: AllSubscription, output: Output): Promise<void> {
  const matches = createMatcher(log, query.filter);
  const isShown = createMatcher(log, undefined);
  let ordinal = firstOrdinal(log, query.from);
  let isCaughtUp = false;
  let considered = 0;
  const turn = new Turn();
  await confirm(output);
  while (!output.isClosed) {
    for (; ordinal < log.visible && !output.isClosed; ordinal++) {
      if (turn.isOver()) await setImmediate();
      if (matches(ordinal)) {
        const resolved = query.resolvesLinks ? resolveLink(log, ordinal) : { event: ordinal, link: undefined };
        if (!output.send(new PendingEvent(log, resolved, query))) await output.ready();
      }
      // A checkpoint stands at a record that `$all` shows: whoever resumes there skips exactly that one.
      if (++considered >= query.checkpointInterval && isShown(ordinal)) {
        considered = 0;
        const position = BigInt(log.records.position(ordinal));
        if (!output.send(ReadResp.encode({ checkpoint: { commit: position, prepare: position } })))
          await output.ready();
      }
    }
    if (!isCaughtUp) {
      isCaughtUp = true;
      await tellCaughtUp(output);
    } else if (ordinal >= log.visible) {
      await output.news(log.waiters);
    }
  }
}

/** A subscription starts after its position: the first record shown at or after it is skipped. */
function firstOrdinal(log: EventLog, from: AllSubscription['from']): number {
  if (from === 'start' || from === 0) return 0;
  if (from === 'end') return log.visible;
  const isShown = createMatcher(log, undefined);
  let ordinal = log.ordinalAt(from);
  while (ordinal < log.visible && !isShown(ordinal)) ordinal++;
  return ordinal + (ordinal < log.visible ? 1 : 0);
}
