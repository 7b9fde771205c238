import type { ResolvedEvent } from '../wire/eventFrame.ts';
import type { EventLog } from './eventLog.ts';
import { LINK_TYPE } from './eventType.ts';
import { readableOrdinal } from './readable.ts';

const TOMBSTONE_REVISION = '9223372036854775807';

/** The data of a link to a record: `<revision>@<stream>`. */
export function addressOf(log: EventLog, ordinal: number): string {
  const revision = log.records.isTombstone(ordinal) ? TOMBSTONE_REVISION : log.records.revision(ordinal);
  return `${revision}@${log.streamOf(ordinal).name}`;
}

const REVISION = /^\d+$/;

/**
 * What a link points to, one level deep. A target that can't be read leaves only the link; data that is no link at all
 * stays an event.
 */
export function resolveLink(log: EventLog, ordinal: number): ResolvedEvent {
  if (log.typeOf(ordinal).name !== LINK_TYPE) return { event: ordinal, link: undefined };
  const data = log.records.data(ordinal).toString();
  const at = data.indexOf('@');
  if (at < 0) return { event: undefined, link: ordinal };
  const revision = data.slice(0, at);
  if (!REVISION.test(revision)) return { event: ordinal, link: undefined };
  return { event: readableOrdinal(log, data.slice(at + 1), Number(revision)), link: ordinal };
}
