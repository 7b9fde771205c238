import { setImmediate } from 'node:timers/promises';
import { createMatcher } from '../../log/filter.ts';
import { resolveLink } from '../../log/links.ts';
import { Turn } from '../../log/turn.ts';
import { PendingEvent } from '../../wire/outgoing.ts';
import type { Context } from '../context.ts';
import type { Output } from '../output.ts';
import type { ReadQuery } from './readQuery.ts';

export type AllQuery = Extract<ReadQuery, { kind: 'all' }>;

/** Sends what `$all` shows, forwards from a position on, backwards from before it, and ends at the log's end. */
export async function readAll({ log }: Context, query: AllQuery, output: Output): Promise<void> {
  const matches = createMatcher(log, query.filter);
  const { isBackwards } = query;
  const first = query.from === 'start' ? 0 : query.from === 'end' ? log.visible : log.ordinalAt(query.from);
  let left = query.count;
  const turn = new Turn();
  const step = isBackwards ? -1 : 1;
  const candidates = log.categories.candidates(query.filter);
  for (let ordinal = isBackwards ? first - 1 : first; left > 0; ordinal += step) {
    if (candidates) ordinal = candidates(ordinal, step);
    if (ordinal < 0 || ordinal >= log.visible) return;
    if (turn.isOver()) await setImmediate();
    if (!matches(ordinal)) continue;
    left--;
    const resolved = query.resolvesLinks ? resolveLink(log, ordinal) : { event: ordinal, link: undefined };
    if (!output.send(new PendingEvent(log, resolved, query))) await output.ready();
    if (output.isClosed) return;
  }
}
